using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Artesanos.Tests.Documents;

/// <summary>
/// A document that is made from the code and checked in, so that its change is seen in review.
/// <c>UPDATE_DOCUMENTS=1</c> in front of the test command writes it anew.
/// </summary>
internal static class CheckedIn
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly bool Update =
        Environment.GetEnvironmentVariable("UPDATE_DOCUMENTS") == "1";

    /// <param name="filter">The class of tests that writes it.</param>
    public static void Same(string path, JsonObject document, string filter)
    {
        var text = document.ToJsonString(Readable) + "\n";
        if (Update)
        {
            File.WriteAllText(Repository.PathOf(path), text);
        }
        Assert.True(text == Repository.Read(path),
            $"{path} is not what the code says. If the change is wanted: UPDATE_DOCUMENTS=1 "
            + $"dotnet run --project Artesanos.Tests -- --filter-class '{filter}'");
    }
}

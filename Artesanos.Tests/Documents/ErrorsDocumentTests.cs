using System.Text.RegularExpressions;
using Xunit;

namespace Artesanos.Tests.Documents;

/// <summary>docs/errors.md names every problem type the code can answer, and no other.</summary>
public sealed partial class ErrorsDocumentTests
{
    [Fact]
    public void Every_problem_type_is_documented_and_every_documented_one_exists()
    {
        var code = Sources().SelectMany(source => Slugs().Matches(source))
            .Concat(Kinds().Matches(
                Repository.Read("Artesanos.ServiceDefaults/Problems/ProblemKinds.cs")))
            .Select(match => match.Groups["slug"].Value)
            .Append("validation").Distinct().Order().ToList();
        var documented = Rows().Matches(Repository.Read("docs/errors.md"))
            .Select(match => match.Groups["slug"].Value).Order().ToList();

        Assert.Equal(code, documented);
    }

    private static IEnumerable<string> Sources() =>
        new[] { "Gateway", "Inventory", "Messaging", "Orders", "Payments", "ServiceDefaults" }
            .SelectMany(project => Directory.EnumerateFiles(
                Repository.PathOf($"Artesanos.{project}"), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj"))
            .Select(File.ReadAllText);

    // Problems.Conflict("slug", …), Problems.Of(status, "slug", …), Refuse(status, "slug", …).
    [GeneratedRegex(
        @"(Problems\.(Conflict|Unprocessable|Unavailable)\(\s*|(Problems\.Of|Refuse)\([^""]*?)"
        + @"""(?<slug>[a-z-]+)""")]
    private static partial Regex Slugs();

    [GeneratedRegex("""=> \("(?<slug>[a-z-]+)", """)]
    private static partial Regex Kinds();

    [GeneratedRegex("""^\| `/problems/(?<slug>[a-z-]+)` \|""", RegexOptions.Multiline)]
    private static partial Regex Rows();
}

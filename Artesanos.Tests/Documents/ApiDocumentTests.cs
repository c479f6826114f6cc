using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Artesanos.Tests.Documents;

/// <summary>
/// Runs docs/api.md: all its commands in one shell, as a reader would, and compares the shape of
/// each JSON answer with the one shown.
/// </summary>
[Trait("Category", "E2E")]
public sealed partial class ApiDocumentTests(Topology topology)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_command_of_the_document_works_and_answers_as_shown()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The commands are for a POSIX shell.");
        var blocks = Blocks().Matches(Repository.Read("docs/api.md"));
        var folder = Directory.CreateTempSubdirectory("artesanos-api-");
        var script = new StringBuilder("set -euo pipefail\n");
        for (var i = 0; i < blocks.Count; i++)
        {
            script.Append($"{{\n{blocks[i].Groups["command"].Value}}} > answer-{i}\n");
        }

        await RunAsync(script.ToString(), folder.FullName);

        for (var i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].Groups["answer"] is { Success: true, Value: var shown })
            {
                var answer = await File.ReadAllTextAsync(
                    Path.Combine(folder.FullName, $"answer-{i}"), Ct);
                AssertShape(Parse(shown), Parse(answer), "$");
            }
        }
        folder.Delete(recursive: true);
    }

    private async Task RunAsync(string script, string folder)
    {
        var start = new ProcessStartInfo("bash", ["-s"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        start.Environment["GATEWAY"] = topology.Gateway.BaseAddress!.ToString().TrimEnd('/');
        using var shell = Process.Start(start)!;
        await shell.StandardInput.WriteAsync(script);
        shell.StandardInput.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(Patience);
        try
        {
            var errors = await shell.StandardError.ReadToEndAsync(patience.Token);
            await shell.WaitForExitAsync(patience.Token);
            Assert.True(shell.ExitCode == 0, errors);
        }
        finally
        {
            if (!shell.HasExited)
            {
                shell.Kill(entireProcessTree: true);
            }
        }
    }

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    /// <summary>The same fields with the same kinds; a null may be anything.</summary>
    private static void AssertShape(JsonElement shown, JsonElement answer, string path)
    {
        if (shown.ValueKind == JsonValueKind.Null || answer.ValueKind == JsonValueKind.Null)
        {
            return;
        }
        Assert.True(shown.ValueKind == answer.ValueKind, $"{path}: {answer}");
        if (shown.ValueKind == JsonValueKind.Object)
        {
            Assert.Equal(Names(shown), Names(answer));
            foreach (var field in shown.EnumerateObject())
            {
                AssertShape(field.Value, answer.GetProperty(field.Name), $"{path}.{field.Name}");
            }
        }
        else if (shown.ValueKind == JsonValueKind.Array && shown.GetArrayLength() > 0)
        {
            Assert.NotEqual(0, answer.GetArrayLength());
            AssertShape(shown[0], answer[0], $"{path}[0]");
        }
    }

    private static IEnumerable<string> Names(JsonElement value) =>
        value.EnumerateObject().Select(field => field.Name).Order();

    [GeneratedRegex(
        @"^```sh\n(?<command>.*?)^```\n(```json\n(?<answer>.*?)^```\n)?",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}

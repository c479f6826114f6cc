using System.Diagnostics;
using Xunit;

namespace Artesanos.Tests.Observability;

/// <summary>Rules and configuration as Prometheus' own tool judges them.</summary>
public sealed class PromtoolTests
{
    [Theory]
    [InlineData("check config --syntax-only prometheus.yml")]
    [InlineData("check rules recording.yml alerts.yml")]
    [InlineData("test rules alerts_test.yml")]
    public async Task Promtool_finds_nothing_wrong(string command)
    {
        var ct = TestContext.Current.CancellationToken;
        using var promtool = Process.Start(
            new ProcessStartInfo(Prometheus.Require("promtool"), command)
            {
                WorkingDirectory = Repository.PathOf("deploy", "prometheus"),
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var output = promtool.StandardOutput.ReadToEndAsync(ct);
        var error = promtool.StandardError.ReadToEndAsync(ct);
        await promtool.WaitForExitAsync(ct);

        Assert.True(promtool.ExitCode == 0, $"{await output}\n{await error}");
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Artesanos.Tests.Observability;

/// <summary>What is written twice says the same twice.</summary>
public sealed partial class DeploymentFilesTests
{
    [Theory]
    [InlineData("orders", "Artesanos.Orders")]
    [InlineData("payments", "Artesanos.Payments")]
    [InlineData("inventory", "Artesanos.Inventory")]
    public void In_development_Prometheus_scrapes_the_ports_of_the_launch_settings(
        string service, string project)
    {
        using var settings = JsonDocument.Parse(
            Repository.Read(project, "Properties", "launchSettings.json"));
        var url = settings.RootElement.GetProperty("profiles").GetProperty("http")
            .GetProperty("applicationUrl").GetString()!;

        Assert.Equal(new Uri(url).Authority, TargetOf(service));
    }

    [Fact]
    public void In_development_Prometheus_scrapes_the_gateways_own_port_for_metrics()
    {
        var port = MetricsPort().Match(Repository.Read("Artesanos.AppHost", "AppHost.cs"));

        Assert.Equal($"localhost:{port.Groups[1].Value}", TargetOf("gateway"));
    }

    private static string TargetOf(string service)
    {
        using var targets = JsonDocument.Parse(
            Repository.Read("deploy", "prometheus", "targets", "development.json"));
        var group = targets.RootElement.EnumerateArray().Single(target =>
            target.GetProperty("labels").GetProperty("job").GetString() == service);
        Assert.Equal($"/{service}/metrics",
            group.GetProperty("labels").GetProperty("__metrics_path__").GetString());
        return group.GetProperty("targets")[0].GetString()!;
    }

    [GeneratedRegex("port: (\\d+), name: \"metrics\"")]
    private static partial Regex MetricsPort();
}

using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Artesanos.Tests.Dashboard;

/// <summary>The dashboard is beside the system, not part of it.</summary>
[Collection("Dashboard")]
[Trait("Category", "E2E")]
public sealed class RestartTests(DashboardSystem system, Topology shared)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dashboard_that_died_comes_back_and_knows_its_visitors_while_orders_go_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The process is found in /proc.");
        await using var visitor = await system.VisitAsync();
        await visitor.SeesAsync("are healthy");
        var before = ProcessId();

        using (var process = Process.GetProcessById(before))
        {
            process.Kill();
        }
        using var shopper = await system.Topology.NewShopperAsync(Ct);
        var product = await system.Topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);

        await Eventually.TrueAsync(
            () => Task.FromResult(ProcessId() is not 0 and var now && now != before),
            Patience, "the dashboard is started again", Ct);
        using var http = new HttpClient();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    using var answer = await http.GetAsync(new Uri(system.Address, "/login"), Ct);
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            Patience, "the dashboard answers again", Ct);
        await visitor.OpenAsync($"orders/{order}");
        await visitor.SeesAsync("Completed in ");
    }

    [Fact]
    public void Only_who_asks_for_it_gets_a_dashboard_in_tests()
    {
        Assert.NotNull(Url(system.Topology));
        Assert.Null(Url(shared));
    }

    private static string? Url(Topology topology) =>
        topology.App.Services.GetRequiredService<IConfiguration>()["Dashboard:Url"];

    private static int ProcessId() => Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName)
        .Where(name => name!.All(char.IsAsciiDigit) && IsDashboard(name!))
        .Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).FirstOrDefault();

    // A child of this process: another AppHost may run beside the tests.
    private static bool IsDashboard(string id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Contains(
                    "Artesanos.Dashboard.dll", StringComparison.Ordinal)
                && File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ')[2]
                    == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return false; // It has just ended.
        }
    }
}

using System.Text.RegularExpressions;
using Artesanos.Inventory.Data;
using Artesanos.Orders.Data;
using Artesanos.Payments.Data;
using Artesanos.Tests.Chaos;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Xunit;

namespace Artesanos.Tests.Deployment;

/// <summary>
/// Rolls back to an earlier version and forward again, while shoppers ask once. Run by
/// <c>deploy/verify-upgrade.sh</c>, which builds it: <c>UPGRADE_FROM</c> has the binaries
/// of each service in a folder of its name, with the id of its last migration in <c>schema</c>.
/// </summary>
[Trait("Category", "Upgrade")]
public sealed partial class UpgradeTests(UpgradeTopology topology)
    : IClassFixture<UpgradeTopology>, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private const int OrdersPerPhase = 20;

    private readonly Dictionary<Uri, ServiceProcess> _processes = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Before { get; } =
        Environment.GetEnvironmentVariable("UPGRADE_FROM") ?? "";

    public ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            process.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    [Fact(Explicit = true)]
    public async Task The_version_before_comes_back_and_goes_again_and_no_shopper_notices()
    {
        Assert.True(Directory.Exists(Before), "Run deploy/verify-upgrade.sh, it builds one.");
        var product = await topology.NewProductAsync(stock: 100_000, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        await using var shoppers = new ExactingShoppers(shopper.Http, product);

        // Rolled back on the new schema: both versions side by side, then the old one alone.
        foreach (var service in UpgradeTopology.Services)
        {
            await StartAsync(service, UpgradeTopology.SecondOf(service), OldOf(service));
            await topology.StopAsync(service, Ct);
            await StartAsync(service, topology.FirstOf(service), OldOf(service));
        }

        // As if the new version had never been there; then it goes in, schema first.
        foreach (var service in UpgradeTopology.Services)
        {
            await MigrateAsync(service, (await ReadSchemaAsync(service)).Trim());
        }
        await OrdersEndAsync();
        foreach (var service in UpgradeTopology.Services)
        {
            await ProvisionAsync(service);
        }
        await OrdersEndAsync();
        foreach (var service in UpgradeTopology.Services)
        {
            await StopAsync(UpgradeTopology.SecondOf(service));
            await StartAsync(service, UpgradeTopology.SecondOf(service), folder: null);
            await StopAsync(topology.FirstOf(service));
            await topology.StartAsync(service, Ct);
            await WorksAsync(service, topology.FirstOf(service));
        }

        await topology.CompleteAsync(await shoppers.EndAsync(), Ct);
    }

    private static string OldOf(string service) => Path.Combine(Before, service);

    private static Task<string> ReadSchemaAsync(string service) =>
        File.ReadAllTextAsync(Path.Combine(OldOf(service), "schema"), Ct);

    /// <summary>Whoever works now takes orders through the whole saga.</summary>
    private async Task OrdersEndAsync()
    {
        var before = await CompletedAsync();
        await Eventually.TrueAsync(
            async () => await CompletedAsync() >= before + OrdersPerPhase,
            Patience, "orders complete", Ct);
    }

    private Task<long> CompletedAsync() => topology.QueryAsync<long>(
        "orders", "SELECT count(*) FROM orders WHERE status = 'COMPLETED'", Ct);

    private async Task StartAsync(string service, Uri address, string? folder)
    {
        var process = new ServiceProcess(service, [],
            new(await topology.EnvironmentAsync(service, Ct))
            {
                ["ASPNETCORE_URLS"] = address.ToString(),
            },
            folder);
        _processes[address] = process;
        await WorksAsync(service, address);
    }

    /// <summary>
    /// The gateway sends it requests again, which it does only a while after another process at
    /// this address refused them; and orders go through the whole saga.
    /// </summary>
    private async Task WorksAsync(string service, Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        await Eventually.TrueAsync(
            () => IsAskedAsync(http, $"/{service}/metrics"), Patience,
            $"{service} at {address} is asked", Ct);
        await OrdersEndAsync();
    }

    private async Task StopAsync(Uri address)
    {
        _processes[address].Stop();
        var code = await _processes[address].ExitCodeAsync(Ct).WaitAsync(Patience, Ct);
        Assert.True(code == 0, _processes[address].Output);
        _processes[address].Dispose();
        _processes.Remove(address);
    }

    private async Task ProvisionAsync(string service)
    {
        using var process = new ServiceProcess(
            service, ["provision"], await topology.EnvironmentAsync(service, Ct));
        var code = await process.ExitCodeAsync(Ct).WaitAsync(Patience, Ct);
        Assert.True(code == 0, process.Output);
    }

    private async Task MigrateAsync(string service, string migration)
    {
        var database = await topology.ConnectionStringOfAsync($"{service}-db", Ct);
        await using DbContext context = service switch
        {
            "orders" => new OrdersDbContext(Options<OrdersDbContext>(database)),
            "payments" => new PaymentsDbContext(Options<PaymentsDbContext>(database)),
            _ => new InventoryDbContext(Options<InventoryDbContext>(database)),
        };
        await context.GetService<IMigrator>().MigrateAsync(migration, Ct);
    }

    private static DbContextOptions<TContext> Options<TContext>(string database)
        where TContext : DbContext =>
        new DbContextOptionsBuilder<TContext>()
            .UseNpgsql(database).UseSnakeCaseNamingConvention().Options;

    private static async Task<bool> IsAskedAsync(HttpClient http, string metrics)
    {
        try
        {
            return ARequest().IsMatch(await http.GetStringAsync(metrics, Ct));
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>A shopper's or Stripe's, and no probe.</summary>
    [GeneratedRegex("""
        http_server_request_duration_seconds_count.*http_route="/(orders/?"|products/|payments/w)
        """)]
    private static partial Regex ARequest();
}

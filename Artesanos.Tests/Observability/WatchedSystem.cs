using Artesanos.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Artesanos.Tests.Observability;

/// <summary>
/// The topology with a real Prometheus beside it, after orders of every kind. What the services
/// told before and after them is kept, so that the difference is of these orders alone.
/// </summary>
public sealed class WatchedSystem(Topology topology) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _auditFile = Path.GetTempFileName();
    private WebApplication? _textfiles;

    /// <summary>Null where it is not installed.</summary>
    internal Prometheus? Prometheus { get; private set; }

    internal Dictionary<string, Samples> Before { get; private set; } = [];
    internal Dictionary<string, Samples> After { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var ct = CancellationToken.None;
        if (Prometheus.Find("prometheus") is null)
        {
            return;
        }
        _textfiles = await ServeAsync(_auditFile, ct);
        var audit = _textfiles.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.Single();
        Before = await ScrapeAsync(ct);
        Prometheus = await Prometheus.StartAsync(
            [
                .. Scrape.Targets.Select(target => (
                    Scrape.AddressOf(topology, target.Resource).Authority,
                    target.Resource, $"/{target.Resource}/metrics")),
                (new Uri(audit).Authority, "node", "/metrics"),
            ], ct);
        // A rate needs a scrape from before.
        await WatchAsync("count(up == 1) == 5", ct);
        await ShopAsync(ct);
        await AuditAsync(ct);
        await WatchAsync("sum(increase(saga_ended_total[5m])) > 5", ct);
        await WatchAsync("saga:success:ratio_rate5m > 0", ct);
        await WatchAsync("count(audit_invariant_violations) == 8", ct);
        After = await ScrapeAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (Prometheus is not null)
        {
            await Prometheus.DisposeAsync();
        }
        if (_textfiles is not null)
        {
            await _textfiles.DisposeAsync();
        }
        File.Delete(_auditFile);
    }

    /// <summary>Three completed, one declined, one out of stock, one cancelled.</summary>
    private async Task ShopAsync(CancellationToken ct)
    {
        var product = await topology.NewProductAsync(stock: 10, priceMinor: 1250, ct);
        using var shopper = await topology.NewShopperAsync(ct);
        for (var i = 0; i < 3; i++)
        {
            await shopper.WaitForAsync(
                await shopper.PlaceAsync(product, 2, ct), "COMPLETED", ct);
            // The first order brings the series, and only what follows is an increase.
            await WatchAsync("saga_duration_seconds_count{outcome=\"COMPLETED\"}", ct);
        }
        var declined = await shopper.PlaceAsync(product, 1, ct, card: "pm_card_chargeDeclined");
        var tooMany = await shopper.PlaceAsync(product, 11, ct);
        var unpaid = await shopper.PlaceAsync(product, 1, ct, card: null);
        await shopper.WaitForAsync(unpaid, "PAYMENT_PENDING", ct);
        using (await shopper.Http.PostAsync($"/orders/{unpaid}/cancel", null, ct))
        {
            await topology.WaitUntilEndedAsync([declined, tooMany, unpaid], ct);
        }
    }

    private async Task AuditAsync(CancellationToken ct)
    {
        var report = await topology.AuditAsync(ct);
        await AuditMetrics.WriteAsync(
            _auditFile, AuditMetrics.Text(report, TimeProvider.System.GetUtcNow()), ct);
    }

    private Task WatchAsync(string expression, CancellationToken ct) => Eventually.TrueAsync(
        async () => (await Prometheus!.QueryAsync(expression, ct)).Count > 0,
        Patience, $"Prometheus knows {expression}", ct);

    private async Task<Dictionary<string, Samples>> ScrapeAsync(CancellationToken ct)
    {
        var scrapes = new Dictionary<string, Samples>();
        foreach (var (resource, _) in Scrape.Targets)
        {
            scrapes[resource] = new Samples(await Scrape.ReadAsync(topology, resource, ct));
        }
        return scrapes;
    }

    /// <summary>Stands in for node_exporter: one text file over HTTP.</summary>
    private static async Task<WebApplication> ServeAsync(string file, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.MapGet("/metrics", () => File.ReadAllTextAsync(file, ct));
        await server.StartAsync(ct);
        return server;
    }
}

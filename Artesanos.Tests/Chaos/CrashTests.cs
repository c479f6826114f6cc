using Xunit;

namespace Artesanos.Tests.Chaos;

/// <summary>SIGKILL in the middle of a hundred orders.</summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class CrashTests(Topology topology)
{
    private const int Orders = 100;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nats")]
    [InlineData("orders")]
    [InlineData("payments")]
    [InlineData("inventory")]
    [InlineData("postgres")]
    public async Task All_orders_end_and_the_invariants_hold_after_a_kill_of(string resource)
    {
        var product = await topology.NewProductAsync(stock: Orders, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var placed = await Task.WhenAll(Enumerable.Range(0, Orders)
            .Select(_ => shopper.PlaceAsync(product, 1, Ct)));

        await topology.KillAsync(resource, Ct);
        var killed = TimeProvider.System.GetUtcNow();
        await topology.StartAsync(resource, Ct);

        await topology.WaitUntilEndedAsync(placed, Ct);
        var inFlight = await topology.QueryAsync<long>("orders",
            "SELECT count(*) FROM orders WHERE id = ANY($1) AND updated_at > $2",
            Ct, placed, killed);
        Assert.True(inFlight > 0, "Every order had ended before the kill, which proves nothing.");
        var report = await topology.AuditAsync(Ct);
        Assert.True(report.Violations.Count == 0, report.ToString());
        Assert.Equal((long)Orders, await topology.QueryAsync<long>(
            "orders", "SELECT count(*) FROM orders WHERE id = ANY($1) AND status = 'COMPLETED'",
            Ct, [placed]));
        Assert.Equal(0, await topology.AvailableAsync(product, Ct));
    }
}

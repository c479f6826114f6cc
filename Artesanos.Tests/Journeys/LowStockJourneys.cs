using Xunit;

namespace Artesanos.Tests.Journeys;

/// <summary>When the artisan hears that stock is low, and when not.</summary>
[Trait("Category", "E2E")]
public sealed class LowStockJourneys(Topology topology)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fifty_concurrent_orders_across_the_threshold_alert_exactly_once()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var product = await artisan.AddAsync(stock: 60, threshold: 20, Ct);

        await OrderAsync(product, orders: 50);

        Assert.Equal(10, await topology.AvailableAsync(product, Ct));
        Assert.Equal([19], await artisan.AlertsAsync(product, Ct));
        await AssertOrdersIgnoresItAsync(product);
    }

    [Fact]
    public async Task Above_and_at_the_threshold_nobody_is_told()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var product = await artisan.AddAsync(stock: 10, threshold: 5, Ct);

        await OrderAsync(product, orders: 5);

        Assert.Equal(5, await topology.AvailableAsync(product, Ct));
        Assert.Empty(await artisan.AlertsAsync(product, Ct));
    }

    [Fact]
    public async Task A_restock_makes_the_next_crossing_a_new_alert()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var product = await artisan.AddAsync(stock: 6, threshold: 5, Ct);
        await OrderAsync(product, orders: 3);
        Assert.Equal([4], await artisan.AlertsAsync(product, Ct));

        // Still below: no recovery, no new alert.
        await artisan.RestockAsync(product, 1, Ct);
        await OrderAsync(product, orders: 1);
        Assert.Equal([4], await artisan.AlertsAsync(product, Ct));

        await artisan.RestockAsync(product, 2, Ct);
        await OrderAsync(product, orders: 2);

        Assert.Equal([4, 4], await artisan.AlertsAsync(product, Ct));
        Assert.Equal(9L, await topology.QueryAsync<long>("inventory",
            "SELECT sum(delta) FROM stock_movements WHERE product_id = $1", Ct, product));
    }

    [Fact]
    public async Task A_declined_order_at_the_threshold_does_not_alert_again_and_again()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var product = await artisan.AddAsync(stock: 5, threshold: 5, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);

        for (var i = 0; i < 3; i++)
        {
            var order = await shopper.PlaceAsync(product, 1, Ct, card: "pm_card_chargeDeclined");
            await shopper.WaitForAsync(order, "FAILED", Ct);
        }

        Assert.Equal(5, await topology.AvailableAsync(product, Ct));
        Assert.Equal([4], await artisan.AlertsAsync(product, Ct));
    }

    [Fact]
    public async Task A_large_order_that_was_never_paid_does_not_hide_the_crossing_after_it()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var product = await artisan.AddAsync(stock: 12, threshold: 5, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 9, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);
        Assert.Equal([3], await artisan.AlertsAsync(product, Ct));

        // The clock of this one hold moves on to its end.
        await topology.QueryAsync<object>("inventory",
            "UPDATE reservations SET reserved_until = now() WHERE order_id = $1", Ct, order);
        await shopper.WaitForAsync(order, "FAILED", Ct);
        await OrderAsync(product, orders: 8);

        Assert.Equal([3, 4], await artisan.AlertsAsync(product, Ct));
    }

    [Fact]
    public async Task A_threshold_lifted_above_the_stock_alerts_once_and_one_lowered_recovers()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var product = await artisan.AddAsync(stock: 10, threshold: 0, Ct);

        var low = await artisan.SetThresholdAsync(product, 11, Ct);
        await artisan.SetThresholdAsync(product, 12, Ct);
        await OrderAsync(product, orders: 1);
        Assert.Equal([10], await artisan.AlertsAsync(product, Ct));
        Assert.NotEqual(default, low.GetProperty("lowSince").GetDateTimeOffset());

        await artisan.SetThresholdAsync(product, 9, Ct);
        await OrderAsync(product, orders: 1);

        Assert.Equal([10, 8], await artisan.AlertsAsync(product, Ct));
    }

    [Fact]
    public async Task A_product_that_starts_below_its_threshold_alerts_after_its_first_restock()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var product = await artisan.AddAsync(stock: 3, threshold: 5, Ct);
        await OrderAsync(product, orders: 1);
        Assert.Empty(await artisan.AlertsAsync(product, Ct));

        await artisan.RestockAsync(product, 3, Ct);
        await OrderAsync(product, orders: 1);

        Assert.Equal([4], await artisan.AlertsAsync(product, Ct));
    }

    /// <summary>Orders hears all of <c>inventory.*</c>, and an alert is about no order.</summary>
    private async Task AssertOrdersIgnoresItAsync(Guid product)
    {
        var id = await topology.QueryAsync<Guid>("inventory",
            "SELECT id FROM outbox WHERE key = $1 AND subject = 'inventory.low_stock'",
            Ct, product);
        // A refused message leaves the inbox again and becomes a dead letter.
        await Eventually.TrueAsync(
            async () => await topology.QueryAsync<long>(
                "orders", "SELECT count(*) FROM inbox WHERE id = $1", Ct, id) == 1,
            Patience, "Orders has seen the alert", Ct);
        Assert.Equal(0L, await topology.QueryAsync<long>(
            "orders", "SELECT count(*) FROM dead_letters WHERE id = $1", Ct, id));
    }

    /// <summary>Places orders of one piece at once and waits until each is paid and sold.</summary>
    private async Task OrderAsync(Guid product, int orders)
    {
        using var shopper = await topology.NewShopperAsync(Ct);
        var ids = await Task.WhenAll(Enumerable.Range(0, orders)
            .Select(_ => shopper.PlaceAsync(product, 1, Ct)));
        await Eventually.TrueAsync(
            async () => await topology.QueryAsync<long>("orders",
                "SELECT count(*) FROM orders WHERE id = ANY($1) AND status = 'COMPLETED'",
                Ct, ids) == orders,
            Patience, $"{orders} orders are completed", Ct);
    }
}

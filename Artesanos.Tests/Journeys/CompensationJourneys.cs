using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Journeys;

/// <summary>
/// Rows of the transition table that undo something, or that meet what came twice or too late,
/// with every participant running. Those that need one stopped are in <c>Chaos</c>.
/// </summary>
[Trait("Category", "E2E")]
public sealed class CompensationJourneys(Topology topology)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hold_that_expires_undoes_the_payment()
    {
        var product = await topology.NewProductAsync(stock: 2, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);
        var order = await shopper.PlaceAsync(product, 2, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);

        await topology.QueryAsync<object>("inventory",
            "UPDATE reservations SET reserved_until = now() WHERE order_id = $1", Ct, order);
        var failed = await shopper.WaitForAsync(order, "FAILED", Ct);

        Assert.Equal("hold_expired", failed.GetProperty("reason").GetString());
        Assert.Equal(2, await topology.AvailableAsync(product, Ct));
        await stripe.AssertNothingKeptAsync(order, refundedMinor: 0, Ct);
        Assert.Equal("RELEASED", await ReservationAsync(order));
    }

    [Fact]
    public async Task A_payment_cancelled_in_Stripes_dashboard_releases_the_stock()
    {
        var product = await topology.NewProductAsync(stock: 2, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);
        var order = await shopper.PlaceAsync(product, 2, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);

        await stripe.CancelAsync(order, Ct);
        var failed = await shopper.WaitForAsync(order, "FAILED", Ct);

        Assert.Equal("payment_cancelled", failed.GetProperty("reason").GetString());
        Assert.Equal(2, await topology.AvailableAsync(product, Ct));
    }

    [Fact]
    public async Task A_shopper_who_pays_late_but_in_time_gets_the_goods()
    {
        var product = await topology.NewProductAsync(stock: 2, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);
        var order = await shopper.PlaceAsync(product, 1, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);

        await stripe.PayAsync(order, Ct);

        await shopper.WaitForAsync(order, "COMPLETED", Ct);
        Assert.Equal(1, await topology.AvailableAsync(product, Ct));
    }

    [Fact]
    public async Task Answers_that_come_again_after_the_end_are_ignored_and_kept_in_the_history()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct);
        var completed = await shopper.WaitForAsync(order, "COMPLETED", Ct);

        // In reverse, under new ids: neither the stream nor the inbox knows them.
        string[] answers =
        [
            "inventory.committed", "payments.succeeded", "payments.pending", "inventory.reserved",
        ];
        foreach (var subject in answers)
        {
            var sender = subject.Split('.')[0];
            var payload = await topology.QueryAsync<byte[]>(sender,
                "SELECT payload FROM outbox WHERE key = $1 AND subject = $2", Ct, order, subject);
            await topology.PublishAsync(subject, payload!, Ct);
        }
        await Eventually.TrueAsync(
            async () => await CountAsync(order, "effect = 'IGNORED'") == 4,
            Patience, "all four are in the history", Ct);

        var view = await shopper.OrderAsync(order, Ct);
        Assert.Equal("COMPLETED", view.GetProperty("status").GetString());
        Assert.Equal(
            completed.GetProperty("totalMinor").GetInt64(),
            view.GetProperty("totalMinor").GetInt64());
        Assert.Equal(1L, await topology.QueryAsync<long>("orders",
            "SELECT count(*) FROM outbox WHERE key = $1 AND subject = 'orders.confirmed'",
            Ct, order));
        Assert.Equal(0, await topology.AvailableAsync(product, Ct));
    }

    [Fact]
    public async Task A_success_after_a_failure_leaves_a_refund_owed_until_it_is_answered()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 2, Ct);
        await shopper.WaitForAsync(order, "FAILED", Ct);

        await topology.PublishAsync("payments.succeeded", JsonSerializer.SerializeToUtf8Bytes(new
        {
            orderId = order,
            paymentIntentId = "pi_late",
            amountMinor = 3000,
            currency = "EUR",
        }), Ct);
        await Eventually.TrueAsync(
            async () => await CountAsync(order, "cause = 'PaymentCancelled'") == 1,
            Patience, "Payments has answered the refund", Ct);

        Assert.Equal(1, await CountAsync(order, "cause = 'PaymentSucceeded' AND effect = 'MOVED'"));
        Assert.False(await topology.QueryAsync<bool>(
            "orders", "SELECT refund_owed FROM orders WHERE id = $1", Ct, order));
        Assert.Equal("FAILED",
            (await shopper.OrderAsync(order, Ct)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_release_that_overtakes_its_reserve_leaves_nothing_held()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        var order = Guid.CreateVersion7();

        await topology.PublishAsync("inventory.commands.release",
            JsonSerializer.SerializeToUtf8Bytes(new { orderId = order, reason = "test" }), Ct);
        await Eventually.TrueAsync(
            async () => await ReservationAsync(order) == "TOMBSTONE",
            Patience, "the release left a tombstone", Ct);
        await topology.PublishAsync("inventory.commands.reserve", JsonSerializer.SerializeToUtf8Bytes(
            new { orderId = order, lines = new[] { new { productId = product, quantity = 1 } } }), Ct);
        await Eventually.TrueAsync(
            async () => await topology.QueryAsync<long>("inventory",
                "SELECT count(*) FROM outbox WHERE key = $1", Ct, order) == 2,
            Patience, "the reserve is answered too", Ct);

        Assert.Equal("TOMBSTONE", await ReservationAsync(order));
        Assert.Equal(1, await topology.AvailableAsync(product, Ct));
    }

    private Task<string?> ReservationAsync(Guid order) => topology.QueryAsync<string>(
        "inventory", "SELECT state FROM reservations WHERE order_id = $1", Ct, order);

    private Task<long> CountAsync(Guid order, string condition) => topology.QueryAsync<long>(
        "orders", $"SELECT count(*) FROM order_history WHERE order_id = $1 AND {condition}",
        Ct, order);
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Chaos;

/// <summary>
/// Rows of the transition table that need a participant to be silent: each test stops it, brings
/// the saga where it should be, and lets the participant come back.
/// </summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class OutageSagaTests(Topology topology)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancelled_in_STARTED_while_Inventory_is_away()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        await using var outage = await Outage.OfAsync(topology, "inventory", Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct);

        Assert.Equal("COMPENSATING", await CancelAsync(shopper, order, HttpStatusCode.Accepted));
        // While it is being undone, asking again is accepted again.
        Assert.Equal("COMPENSATING", await CancelAsync(shopper, order, HttpStatusCode.Accepted));
        await outage.EndAsync(Ct);

        await EndsAsync(shopper, order, "CANCELLED", "cancelled_by_customer");
        Assert.Equal(1, await topology.AvailableAsync(product, Ct));
        await topology.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Cancelled_in_STOCK_RESERVED_while_Payments_is_away()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        await using var outage = await Outage.OfAsync(topology, "payments", Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct);
        await shopper.WaitForAsync(order, "STOCK_RESERVED", Ct);

        Assert.Equal("COMPENSATING", await CancelAsync(shopper, order, HttpStatusCode.Accepted));
        await outage.EndAsync(Ct);

        await EndsAsync(shopper, order, "CANCELLED", "cancelled_by_customer");
        Assert.Equal(1, await topology.AvailableAsync(product, Ct));
        await topology.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_cancellation_in_CONFIRMING_is_refused_and_the_order_is_completed()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        await using var outage = await PaidWhileInventoryIsAwayAsync(shopper, product);

        var answer = await CancelAsync(shopper, outage.Order, HttpStatusCode.Conflict);
        await outage.Inventory.EndAsync(Ct);

        Assert.Null(answer);
        await EndsAsync(shopper, outage.Order, "COMPLETED", reason: null);
        await topology.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_commit_that_finds_its_hold_expired_and_the_stock_gone_gives_the_money_back()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);
        await using var outage = await PaidWhileInventoryIsAwayAsync(shopper, product);

        // What expiry does, and a workshop where the piece broke.
        await topology.QueryAsync<object>("inventory",
            "UPDATE reservations SET state = 'EXPIRED' WHERE order_id = $1", Ct, outage.Order);
        await topology.QueryAsync<object>("inventory",
            "UPDATE products SET held = 0, on_hand = 0 WHERE id = $1", Ct, product);
        await topology.QueryAsync<object>("inventory",
            """
            INSERT INTO stock_movements (product_id, delta, kind, at, by)
            VALUES ($1, -1, 'RESTOCK', now(), 'test')
            """, Ct, product);
        await outage.Inventory.EndAsync(Ct);

        await EndsAsync(shopper, outage.Order, "FAILED", "stock_lost");
        await stripe.AssertNothingKeptAsync(outage.Order, refundedMinor: 1500, Ct);
        await topology.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_reservation_that_never_answers_is_asked_for_again_and_then_given_up()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        await using var outage = await Outage.OfAsync(topology, "inventory", Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct);

        await PassDeadlineAsync(order, "status = 'STARTED' AND resends = 1");
        await PassDeadlineAsync(order, "status = 'COMPENSATING' AND compensation_step = 'stock'");
        await outage.EndAsync(Ct);

        await EndsAsync(shopper, order, "FAILED", "reserve_timeout");
        Assert.Equal(1, await topology.AvailableAsync(product, Ct));
        await topology.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_payment_that_never_starts_is_asked_for_again_and_then_undone()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        await using var outage = await Outage.OfAsync(topology, "payments", Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct);
        await shopper.WaitForAsync(order, "STOCK_RESERVED", Ct);

        await PassDeadlineAsync(order, "status = 'STOCK_RESERVED' AND resends = 1");
        await PassDeadlineAsync(order, "status = 'COMPENSATING' AND compensation_step = 'payment'");
        await outage.EndAsync(Ct);

        await EndsAsync(shopper, order, "FAILED", "payment_timeout");
        Assert.Equal(1, await topology.AvailableAsync(product, Ct));
        await topology.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_payment_that_succeeds_while_it_is_being_undone_is_refunded()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);
        var order = await shopper.PlaceAsync(product, 1, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);

        // Stripe has the money, and nobody here has heard of it.
        await stripe.DropNextWebhookAsync(order, "payment_intent.succeeded", Ct);
        await stripe.PayAsync(order, Ct);
        await CancelAsync(shopper, order, HttpStatusCode.Accepted);

        await EndsAsync(shopper, order, "CANCELLED", "cancelled_by_customer");
        await stripe.AssertNothingKeptAsync(order, refundedMinor: 1500, Ct);
        Assert.Equal(1, await topology.AvailableAsync(product, Ct));
        await topology.AssertInvariantsAsync();
    }

    private sealed record Paid(Guid Order, Outage Inventory) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Inventory.DisposeAsync();
    }

    /// <summary>An order in CONFIRMING whose commit nobody takes.</summary>
    private async Task<Paid> PaidWhileInventoryIsAwayAsync(Shopper shopper, Guid product)
    {
        using var stripe = new StripeDesk(topology);
        var order = await shopper.PlaceAsync(product, 1, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);
        var outage = await Outage.OfAsync(topology, "inventory", Ct);
        await stripe.PayAsync(order, Ct);
        await shopper.WaitForAsync(order, "CONFIRMING", Ct);
        return new Paid(order, outage);
    }

    private static async Task<string?> CancelAsync(
        Shopper shopper, Guid order, HttpStatusCode expected)
    {
        using var answer = await shopper.Http.PostAsync($"/orders/{order}/cancel", null, Ct);
        Assert.Equal(expected, answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        return answer.IsSuccessStatusCode ? body.GetProperty("status").GetString() : null;
    }

    /// <summary>The clock of this one order moves on to its deadline.</summary>
    private async Task PassDeadlineAsync(Guid order, string then)
    {
        await topology.QueryAsync<object>(
            "orders", "UPDATE orders SET deadline = now() WHERE id = $1", Ct, order);
        await Eventually.TrueAsync(
            async () => await topology.QueryAsync<bool>(
                "orders", $"SELECT {then} FROM orders WHERE id = $1", Ct, order),
            Patience, $"the saga has {then}", Ct);
    }

    private static async Task EndsAsync(
        Shopper shopper, Guid order, string status, string? reason)
    {
        var view = await shopper.WaitForAsync(order, status, Ct);
        Assert.Equal(reason, view.GetProperty("reason").GetString());
    }
}

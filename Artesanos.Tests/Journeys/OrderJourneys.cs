using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Journeys;

/// <summary>What a shopper lives through, from outside, with the money and the stock behind it.</summary>
[Trait("Category", "E2E")]
public sealed class OrderJourneys(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_paid_order_is_completed_and_stock_payment_and_ledger_agree()
    {
        var product = await topology.NewProductAsync(stock: 10, priceMinor: 2250, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);

        var order = await shopper.PlaceAsync(product, 2, Ct, expectedTotalMinor: 4500);
        var completed = await shopper.WaitForAsync(order, "COMPLETED", Ct);

        Assert.Equal(4500, completed.GetProperty("totalMinor").GetInt64());
        Assert.Equal("EUR", completed.GetProperty("currency").GetString());
        Assert.Equal(JsonValueKind.Null, completed.GetProperty("reason").ValueKind);
        var line = Assert.Single(completed.GetProperty("lines").EnumerateArray());
        Assert.Equal("Botijo de prueba", line.GetProperty("name").GetString());
        Assert.Equal(2250, line.GetProperty("unitPriceMinor").GetInt64());
        Assert.Equal(8, await topology.AvailableAsync(product, Ct));
        Assert.Equal(
            ["STARTED", "STOCK_RESERVED", "PAYMENT_PENDING", "CONFIRMING", "COMPLETED"],
            await shopper.HistoryAsync(order, Ct));
        Assert.Equal("SUCCEEDED", await topology.QueryAsync<string>(
            "payments", "SELECT status FROM payments WHERE order_id = $1", Ct, order));
        var ledger = await LedgerAsync(order);
        Assert.Equal(4500, ledger.GetProperty("charged_minor").GetInt64());
        Assert.Equal(0, ledger.GetProperty("refunded_minor").GetInt64());
    }

    [Fact]
    public async Task One_trace_covers_every_message_of_an_order_in_all_three_services()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);

        var order = await shopper.PlaceAsync(product, 1, Ct);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);

        var traces = new List<string>();
        foreach (var service in new[] { "orders", "payments", "inventory" })
        {
            var own = await topology.QueryTextsAsync(service,
                "SELECT split_part(trace_parent, '-', 2) FROM outbox WHERE key = $1", Ct, order);
            Assert.NotEmpty(own);
            traces.AddRange(own);
        }
        Assert.Equal(9, traces.Count);
        Assert.Matches("^[0-9a-f]{32}$", Assert.Single(traces.Distinct()));
    }

    [Fact]
    public async Task A_declined_card_fails_the_order_with_nothing_held_and_nothing_charged()
    {
        var product = await topology.NewProductAsync(stock: 3, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);

        var order = await shopper.PlaceAsync(product, 2, Ct, card: "pm_card_chargeDeclined");
        var failed = await shopper.WaitForAsync(order, "FAILED", Ct);

        Assert.Equal("payment_failed", failed.GetProperty("reason").GetString());
        Assert.Equal(3, await topology.AvailableAsync(product, Ct));
        var ledger = await LedgerAsync(order);
        Assert.Equal(0, ledger.GetProperty("charged_minor").GetInt64());
        var intent = Assert.Single(ledger.GetProperty("intents").EnumerateArray());
        Assert.Equal("canceled", intent.GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_order_beyond_the_stock_fails_and_no_payment_is_started()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);

        var order = await shopper.PlaceAsync(product, 2, Ct);
        var failed = await shopper.WaitForAsync(order, "FAILED", Ct);

        Assert.Equal("out_of_stock", failed.GetProperty("reason").GetString());
        Assert.Equal(["STARTED", "FAILED"], await shopper.HistoryAsync(order, Ct));
        Assert.Equal(1, await topology.AvailableAsync(product, Ct));
        Assert.Equal(0L, await topology.QueryAsync<long>(
            "payments", "SELECT count(*) FROM payments WHERE order_id = $1", Ct, order));
    }

    [Fact]
    public async Task An_unknown_product_fails_the_order()
    {
        using var shopper = await topology.NewShopperAsync(Ct);

        var order = await shopper.PlaceAsync(Guid.CreateVersion7(), 1, Ct);
        var failed = await shopper.WaitForAsync(order, "FAILED", Ct);

        Assert.Equal("unknown_product", failed.GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, failed.GetProperty("totalMinor").ValueKind);
    }

    [Fact]
    public async Task A_total_other_than_the_shopper_saw_fails_before_any_payment()
    {
        var product = await topology.NewProductAsync(stock: 5, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);

        var order = await shopper.PlaceAsync(product, 1, Ct, expectedTotalMinor: 1499);
        var failed = await shopper.WaitForAsync(order, "FAILED", Ct);

        Assert.Equal("price_changed", failed.GetProperty("reason").GetString());
        Assert.Equal(5, await topology.AvailableAsync(product, Ct));
        Assert.Equal(0L, await topology.QueryAsync<long>(
            "payments", "SELECT count(*) FROM payments WHERE order_id = $1", Ct, order));
    }

    [Fact]
    public async Task A_payment_window_that_closes_undoes_the_payment_and_then_the_stock()
    {
        var product = await topology.NewProductAsync(stock: 4, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 4, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);
        Assert.Equal(0, await topology.AvailableAsync(product, Ct));

        // The clock of this one order moves on to the end of its window.
        await topology.QueryAsync<object>(
            "orders", "UPDATE orders SET deadline = now() WHERE id = $1", Ct, order);
        var failed = await shopper.WaitForAsync(order, "FAILED", Ct);

        Assert.Equal("payment_timeout", failed.GetProperty("reason").GetString());
        Assert.Equal(4, await topology.AvailableAsync(product, Ct));
        var intent = Assert.Single(
            (await LedgerAsync(order)).GetProperty("intents").EnumerateArray());
        Assert.Equal("canceled", intent.GetProperty("status").GetString());
        Assert.Equal(
            ["STARTED", "STOCK_RESERVED", "PAYMENT_PENDING", "COMPENSATING", "COMPENSATING",
             "FAILED"],
            await shopper.HistoryAsync(order, Ct));
    }

    private async Task<JsonElement> LedgerAsync(Guid order)
    {
        using var stripe = new HttpClient { BaseAddress = topology.Stripe };
        var ledger = await stripe.GetFromJsonAsync<JsonElement>(
            $"/control/ledger?order_id={order}", Ct);
        return Assert.Single(ledger.GetProperty("orders").EnumerateArray());
    }
}

using System.Globalization;
using Xunit;

namespace Artesanos.Tests.Money;

/// <summary>
/// A thousand orders while one in twenty of Stripe's answers is lost after it did what was asked,
/// and one in twenty webhooks is never sent.
/// </summary>
[Collection("Alone")]
[Trait("Category", "Load")]
public sealed class LostAnswersLoadTests(Topology topology, ITestOutputHelper output)
{
    private const int Orders = 1000;
    private const int Clients = 24;
    private static readonly TimeSpan EndPatience = TimeSpan.FromMinutes(2);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_orders_end_with_no_double_and_no_missing_charge()
    {
        var product = await topology.NewProductAsync(stock: Orders, priceMinor: 1999, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);
        var orders = new Guid[Orders];
        await using (var answers = await stripe.FaultAsync(
            "lost_response", "payment_intents.*", Ct, next: null, rate: 0.05))
        await using (var refunds = await stripe.FaultAsync(
            "lost_response", "refunds.*", Ct, next: null, rate: 0.05))
        await using (var webhooks = await stripe.FaultAsync(
            "webhook_drop", "*", Ct, next: null, rate: 0.05))
        {
            await Parallel.ForAsync(
                0, Orders,
                new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = Ct },
                async (i, ct) => orders[i] = await ShopAsync(shopper, stripe, product, i, ct));
            await topology.WaitUntilEndedAsync(orders, Ct, EndPatience);
            await answers.AssertStruckAsync(Ct);
            await webhooks.AssertStruckAsync(Ct);
        }

        var ends = await topology.QueryTextsAsync("orders",
            "SELECT status || ' ' || count(*) FROM orders WHERE id = ANY($1) GROUP BY status",
            Ct, [orders]);
        output.WriteLine(string.Join(", ", ends));
        Assert.Equal(0L, await topology.QueryAsync<long>("orders",
            "SELECT count(*) FROM orders WHERE id = ANY($1) AND stuck_since IS NOT NULL",
            Ct, [orders]));
        var report = await topology.AuditAsync(Ct);
        output.WriteLine(report.ToString());
        Assert.True(report.Violations.Count == 0, report.ToString());
        await AssertChargedAsync(stripe, orders);
    }

    /// <summary>Most pay with a card of the order, some in the browser, some are declined or
    /// cancel when they have paid.</summary>
    private static async Task<Guid> ShopAsync(
        Shopper shopper, StripeDesk stripe, Guid product, int i, CancellationToken ct)
    {
        switch (i % 20)
        {
            case 0:
                return await shopper.PlaceAsync(product, 1, ct, "pm_card_chargeDeclined");
            case 1 or 2 or 3:
                var order = await shopper.PlaceUnpaidAsync(product, ct);
                await PayUntilAnsweredAsync(stripe, order, ct);
                if (i % 20 == 3)
                {
                    await Record.ExceptionAsync(() => shopper.CancelAsync(order, ct));
                }
                return order;
            default:
                return await shopper.PlaceAsync(product, 1, ct);
        }
    }

    /// <summary>The browser's answer may be lost too; paying again finds it paid.</summary>
    private static async Task PayUntilAnsweredAsync(
        StripeDesk stripe, Guid order, CancellationToken ct)
    {
        try
        {
            await stripe.PayAsync(order, ct);
        }
        catch (HttpRequestException)
        {
            await Record.ExceptionAsync(() => stripe.PayAsync(order, ct));
        }
    }

    private async Task AssertChargedAsync(StripeDesk stripe, Guid[] orders)
    {
        var completed = (await topology.QueryTextsAsync("orders",
            "SELECT id::text FROM orders WHERE id = ANY($1) AND status = 'COMPLETED'",
            Ct, [orders])).Select(Guid.Parse).ToHashSet();
        Assert.InRange(completed.Count, Orders * 85 / 100, Orders * 95 / 100);
        foreach (var order in orders)
        {
            var ledger = await stripe.LedgerAsync(order, Ct);
            var kept = ledger.GetProperty("charged_minor").GetInt64()
                - ledger.GetProperty("refunded_minor").GetInt64();
            Assert.Equal(string.Create(CultureInfo.InvariantCulture,
                $"{order} {(completed.Contains(order) ? 1999 : 0)}"), $"{order} {kept}");
            Assert.InRange(ledger.GetProperty("charges").GetInt32(), 0, 1);
        }
    }
}

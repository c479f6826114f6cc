using Xunit;

namespace Artesanos.Tests.Money;

/// <summary>
/// Money on its way back. It is owed until it arrived, and never sent twice: at the end exactly
/// one refund is alive.
/// </summary>
[Trait("Category", "E2E")]
public sealed class RefundScenarios(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refund_that_fails_days_later_is_made_again_and_the_money_goes_back_once()
    {
        using var stripe = new StripeDesk(topology);
        var order = await PaidAndCancelledAsync(stripe);
        await topology.AssertMoneyAsync(order, "CANCELLED", "REFUNDED", 1999, 1999, Ct);

        var first = Assert.Single(await stripe.RefundsAsync(order, Ct));
        await stripe.SettleRefundAsync(first.Id, "failed", Ct);

        await AssertRefundedAgainAsync(stripe, order, first.Id);
        Assert.Equal(["FAILED", "SUCCEEDED"], await topology.QueryTextsAsync("payments",
            "SELECT status FROM refunds WHERE order_id = $1 ORDER BY status", Ct, order));
    }

    [Fact]
    public async Task A_refund_made_behind_a_500_that_fails_days_later_is_made_again()
    {
        using var stripe = new StripeDesk(topology);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await PaidAsync(stripe, shopper);
        await using var trouble = await stripe.FaultAsync(
            "executed_server_error", "refunds.create", Ct, order: order);
        await shopper.CancelAsync(order, Ct);
        await topology.AssertMoneyAsync(order, "CANCELLED", "REFUNDED", 1999, 1999, Ct);
        await trouble.AssertStruckAsync(Ct);

        var first = Assert.Single(await stripe.RefundsAsync(order, Ct));
        await stripe.SettleRefundAsync(first.Id, "failed", Ct);

        await AssertRefundedAgainAsync(stripe, order, first.Id);
    }

    [Fact]
    public async Task A_failure_whose_webhooks_are_lost_is_found_and_the_refund_is_made_again()
    {
        using var stripe = new StripeDesk(topology);
        var order = await PaidAndCancelledAsync(stripe);
        await topology.AssertMoneyAsync(order, "CANCELLED", "REFUNDED", 1999, 1999, Ct);

        var first = Assert.Single(await stripe.RefundsAsync(order, Ct));
        await stripe.DropNextWebhookAsync(order, "refund.updated", Ct);
        await stripe.DropNextWebhookAsync(order, "refund.failed", Ct);
        await stripe.SettleRefundAsync(first.Id, "failed", Ct);

        await AssertRefundedAgainAsync(stripe, order, first.Id);
    }

    [Fact]
    public async Task A_refund_made_in_the_dashboard_fulfils_ours_and_if_it_fails_ours_is_made()
    {
        using var stripe = new StripeDesk(topology);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await PaidAsync(stripe, shopper);
        // Ours is refused until somebody has refunded by hand.
        await using (await stripe.FaultAsync(
            "unavailable", "refunds.create", Ct, next: 3, order: order))
        {
            await shopper.CancelAsync(order, Ct);
            await topology.WaitForPaymentAsync(order, "REFUNDING", Ct);
            await Eventually.TrueAsync(
                async () => await Record.ExceptionAsync(
                    () => stripe.RefundAsync(order, Ct)) is null,
                TimeSpan.FromSeconds(20), "the dashboard's refund is made", Ct);
            await topology.AssertMoneyAsync(order, "CANCELLED", "REFUNDED", 1999, 1999, Ct);

            var first = Assert.Single(await stripe.RefundsAsync(order, Ct));
            await stripe.SettleRefundAsync(first.Id, "failed", Ct);

            await AssertRefundedAgainAsync(stripe, order, first.Id);
        }
    }

    [Fact]
    public async Task A_refund_that_is_pending_at_first_is_reported_when_it_succeeded()
    {
        using var stripe = new StripeDesk(topology);
        var order = await PaidAndCancelledAsync(stripe, "pm_card_pendingRefund");

        await topology.AssertMoneyAsync(order, "CANCELLED", "REFUNDED", 1999, 1999, Ct);
        Assert.Equal("succeeded", Assert.Single(await stripe.RefundsAsync(order, Ct)).Status);
    }

    private async Task<Guid> PaidAndCancelledAsync(
        StripeDesk stripe, string card = "pm_card_visa")
    {
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await PaidAsync(stripe, shopper, card);
        await shopper.CancelAsync(order, Ct);
        return order;
    }

    /// <summary>Stripe has the money before anybody here has heard of it.</summary>
    private async Task<Guid> PaidAsync(
        StripeDesk stripe, Shopper shopper, string card = "pm_card_visa")
    {
        var product = await topology.NewProductAsync(stock: 9, priceMinor: 1999, Ct);
        var order = await shopper.PlaceUnpaidAsync(product, Ct);
        await stripe.DropNextWebhookAsync(order, "payment_intent.succeeded", Ct);
        await stripe.PayAsync(order, Ct, card);
        return order;
    }

    private async Task AssertRefundedAgainAsync(StripeDesk stripe, Guid order, string first)
    {
        await Eventually.TrueAsync(
            async () => (await stripe.RefundsAsync(order, Ct)).Count == 2,
            TimeSpan.FromSeconds(30), "a second refund is made", Ct);
        await topology.AssertMoneyAsync(order, "CANCELLED", "REFUNDED", 1999, 1999, Ct);
        var refunds = await stripe.RefundsAsync(order, Ct);
        Assert.Equal("failed", refunds.Single(refund => refund.Id == first).Status);
        Assert.Equal("succeeded", refunds.Single(refund => refund.Id != first).Status);
    }
}

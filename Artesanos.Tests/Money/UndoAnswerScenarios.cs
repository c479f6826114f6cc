using Xunit;

namespace Artesanos.Tests.Money;

/// <summary>
/// Stripe's answers are lost, refused or wrong when a payment is undone. What was done is done
/// once, and each scenario ends with order, row and ledger in agreement.
/// </summary>
[Trait("Category", "E2E")]
public sealed class UndoAnswerScenarios(Topology topology)
{
    private const int LongerThanCallsMayTake = 3500;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("lost_response")]
    [InlineData("timeout")]
    [InlineData("server_error")]
    [InlineData("executed_server_error")]
    [InlineData("rate_limited")]
    public async Task A_cancel_that_is_not_answered_is_made_once_and_charges_nothing(string fault)
    {
        var product = await topology.NewProductAsync(stock: 9, priceMinor: 1999, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);
        var order = await shopper.PlaceUnpaidAsync(product, Ct);
        await using var trouble = await stripe.FaultAsync(
            fault, "payment_intents.cancel", Ct, delayMs: LongerThanCallsMayTake, order: order);

        await shopper.CancelAsync(order, Ct);

        await topology.AssertMoneyAsync(order, "CANCELLED", "CANCELLED", 0, 0, Ct);
        await trouble.AssertStruckAsync(Ct);
        await stripe.AssertNothingKeptAsync(order, refundedMinor: 0, Ct);
    }

    [Theory]
    [InlineData("lost_response")]
    [InlineData("timeout")]
    [InlineData("server_error")]
    [InlineData("executed_server_error")]
    [InlineData("rate_limited")]
    public async Task A_refund_that_is_not_answered_is_made_once(string fault)
    {
        var product = await topology.NewProductAsync(stock: 9, priceMinor: 1999, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);
        var order = await shopper.PlaceUnpaidAsync(product, Ct);
        await using var trouble = await stripe.FaultAsync(
            fault, "refunds.create", Ct, delayMs: LongerThanCallsMayTake, order: order);

        await stripe.DropNextWebhookAsync(order, "payment_intent.succeeded", Ct);
        await stripe.PayAsync(order, Ct);
        await shopper.CancelAsync(order, Ct);

        await topology.AssertMoneyAsync(order, "CANCELLED", "REFUNDED", 1999, 1999, Ct);
        await trouble.AssertStruckAsync(Ct);
        Assert.Equal("succeeded", Assert.Single(await stripe.RefundsAsync(order, Ct)).Status);
    }
}

using Xunit;

namespace Artesanos.Tests.Money;

/// <summary>
/// Stripe's answers are lost, refused or wrong, at every call of a payment. What was done is done
/// once, and each scenario ends with order, row and ledger in agreement.
/// </summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class AnswerScenarios(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("payment_intents.create", "lost_response")]
    [InlineData("payment_intents.create", "timeout")]
    [InlineData("payment_intents.create", "server_error")]
    [InlineData("payment_intents.create", "unavailable")]
    [InlineData("payment_intents.create", "rate_limited")]
    [InlineData("payment_intents.create", "lock_timeout")]
    [InlineData("payment_intents.confirm", "lost_response")]
    [InlineData("payment_intents.confirm", "timeout")]
    [InlineData("payment_intents.confirm", "server_error")]
    [InlineData("payment_intents.confirm", "executed_server_error")]
    [InlineData("payment_intents.confirm", "unavailable")]
    [InlineData("payment_intents.confirm", "rate_limited")]
    [InlineData("payment_intents.confirm", "lock_timeout")]
    public async Task A_payment_whose_call_is_not_answered_is_charged_once(
        string call, string fault)
    {
        var product = await topology.NewProductAsync(stock: 9, priceMinor: 1999, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);
        // Three times: longer than the quick retries, except where the first is kept for good.
        var times = fault.EndsWith("server_error", StringComparison.Ordinal) ? 1 : 3;
        await using var trouble = await stripe.FaultAsync(
            fault, call, Ct, next: times, delayMs: 50);

        var order = await shopper.PlaceAsync(product, 1, Ct);

        await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
        await trouble.AssertStruckAsync(Ct);
        Assert.NotEmpty(await stripe.IntentIdAsync(order, Ct));
    }

    /// <summary>Decision 8: the first intent is an orphan that nobody can pay.</summary>
    [Fact]
    public async Task A_create_that_was_made_and_answered_with_a_500_is_charged_once()
    {
        var product = await topology.NewProductAsync(stock: 9, priceMinor: 1999, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);
        await using var trouble = await stripe.FaultAsync(
            "executed_server_error", "payment_intents.create", Ct);

        var order = await shopper.PlaceAsync(product, 1, Ct);

        await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
        var intents = (await stripe.LedgerAsync(order, Ct)).GetProperty("intents")
            .EnumerateArray().ToDictionary(intent => intent.GetProperty("status").GetString()!);
        Assert.Equal(["requires_payment_method", "succeeded"], intents.Keys.Order());
        await stripe.CancelIntentAsync(
            intents["requires_payment_method"].GetProperty("id").GetString()!, Ct);
    }

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
            fault, "payment_intents.cancel", Ct, delayMs: 50);

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
            fault, "refunds.create", Ct, delayMs: 50);

        await stripe.DropNextWebhookAsync("payment_intent.succeeded", Ct);
        await stripe.PayAsync(order, Ct);
        await shopper.CancelAsync(order, Ct);

        await topology.AssertMoneyAsync(order, "CANCELLED", "REFUNDED", 1999, 1999, Ct);
        await trouble.AssertStruckAsync(Ct);
        Assert.Equal("succeeded", Assert.Single(await stripe.RefundsAsync(order, Ct)).Status);
    }
}

using Xunit;

namespace Artesanos.Tests.Money;

/// <summary>
/// Stripe's answers are lost, refused or wrong, at every call that takes a payment. What was done
/// is done once, and each scenario ends with order, row and ledger in agreement.
/// </summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class AnswerScenarios(Topology topology)
{
    private const int LongerThanCallsMayTake = 3500;

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
        // Three times: longer than the quick retries, except where the first is kept for good or
        // the caller has waited out its own patience.
        var times = fault is "lost_response" or "unavailable" or "rate_limited" or "lock_timeout"
            ? 3 : 1;
        await using var trouble = await stripe.FaultAsync(
            fault, call, Ct, next: times, delayMs: LongerThanCallsMayTake);

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
}

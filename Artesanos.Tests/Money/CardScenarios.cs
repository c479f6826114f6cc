using Xunit;

namespace Artesanos.Tests.Money;

/// <summary>What cards and shoppers do; each ends with order, row and ledger agreed.</summary>
[Trait("Category", "E2E")]
public sealed class CardScenarios(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("EUR", 1999)]
    // A yen has no cents: 1500 is ¥1,500, not ¥15.
    [InlineData("JPY", 1500)]
    public async Task An_accepted_card_is_charged_exactly_the_total(string currency, long price)
    {
        var product = await topology.NewProductAsync(stock: 9, price, Ct, currency);
        using var shopper = await topology.NewShopperAsync(Ct);

        var order = await shopper.PlaceAsync(product, 2, Ct);

        await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 2 * price, 0, Ct);
    }

    [Theory]
    [InlineData("pm_card_chargeDeclined")]
    [InlineData("pm_card_chargeDeclinedInsufficientFunds")]
    [InlineData("pm_card_chargeDeclinedExpiredCard")]
    public async Task A_declined_card_is_charged_nothing_and_the_order_fails(string card)
    {
        var product = await topology.NewProductAsync(stock: 9, priceMinor: 1999, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);

        var order = await shopper.PlaceAsync(product, 1, Ct, card);

        await topology.AssertMoneyAsync(order, "FAILED", "FAILED", 0, 0, Ct);
    }

    [Fact]
    public async Task After_a_decline_in_the_browser_another_card_is_charged_once()
    {
        var (shopper, stripe, order) = await UnpaidAsync();
        using (shopper)
        using (stripe)
        {
            await Assert.ThrowsAnyAsync<Exception>(
                () => stripe.PayAsync(order, Ct, "pm_card_chargeDeclined"));
            await stripe.PayAsync(order, Ct);

            await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Three_D_Secure_that_is_finished_charges_the_card(bool inBrowser)
    {
        const string card = "pm_card_authenticationRequired";
        var product = await topology.NewProductAsync(stock: 9, priceMinor: 1999, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);
        var order = await shopper.PlaceAsync(product, 1, Ct, inBrowser ? null : card);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);
        if (inBrowser)
        {
            await stripe.PayAsync(order, Ct, card);
        }
        await WaitForIntentAsync(stripe, order, "requires_action");

        await stripe.AuthenticateAsync(order, "succeeded", Ct);

        await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
    }

    [Fact]
    public async Task Three_D_Secure_that_fails_charges_nothing_and_leaves_the_order_payable()
    {
        var (shopper, stripe, order) = await UnpaidAsync();
        using (shopper)
        using (stripe)
        {
            await stripe.PayAsync(order, Ct, "pm_card_authenticationRequired");
            await stripe.AuthenticateAsync(order, "failed", Ct);

            await topology.AssertMoneyAsync(order, "PAYMENT_PENDING", "OPEN", 0, 0, Ct);
            await stripe.PayAsync(order, Ct);
            await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
        }
    }

    [Fact]
    public async Task Three_D_Secure_that_fails_for_a_card_of_the_order_fails_the_order()
    {
        var product = await topology.NewProductAsync(stock: 9, priceMinor: 1999, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);
        var order = await shopper.PlaceAsync(product, 1, Ct, "pm_card_authenticationRequired");
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);
        await WaitForIntentAsync(stripe, order, "requires_action");

        await stripe.AuthenticateAsync(order, "failed", Ct);

        await topology.AssertMoneyAsync(order, "FAILED", "FAILED", 0, 0, Ct);
    }

    [Fact]
    public async Task Three_D_Secure_that_is_abandoned_is_undone_when_the_window_closes()
    {
        var (shopper, stripe, order) = await UnpaidAsync();
        using (shopper)
        using (stripe)
        {
            await stripe.PayAsync(order, Ct, "pm_card_authenticationRequired");

            // The clock of this one order moves on to the end of its window.
            await topology.QueryAsync<object>(
                "orders", "UPDATE orders SET deadline = now() WHERE id = $1", Ct, order);

            await topology.AssertMoneyAsync(order, "FAILED", "CANCELLED", 0, 0, Ct);
            await WaitForIntentAsync(stripe, order, "canceled");
        }
    }

    [Fact]
    public async Task A_cancel_that_is_first_leaves_no_intent_that_can_be_paid()
    {
        var (shopper, stripe, order) = await UnpaidAsync();
        using (shopper)
        using (stripe)
        {
            await shopper.CancelAsync(order, Ct);
            await topology.AssertMoneyAsync(order, "CANCELLED", "CANCELLED", 0, 0, Ct);

            await Assert.ThrowsAnyAsync<Exception>(() => stripe.PayAsync(order, Ct));
            await topology.AssertMoneyAsync(order, "CANCELLED", "CANCELLED", 0, 0, Ct);
        }
    }

    [Fact]
    public async Task A_cancel_and_a_payment_at_the_same_moment_end_in_agreement()
    {
        var product = await topology.NewProductAsync(stock: 20, priceMinor: 1999, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            var order = await shopper.PlaceUnpaidAsync(product, Ct);
            var pay = Record.ExceptionAsync(() => stripe.PayAsync(order, Ct)).AsTask();
            var cancel = Record.ExceptionAsync(() => shopper.CancelAsync(order, Ct)).AsTask();
            await Task.WhenAll(pay, cancel);
            await topology.WaitUntilEndedAsync([order], Ct);

            var paid = await pay is null;
            if (await cancel is not null)
            {
                await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
            }
            else if (paid)
            {
                await topology.AssertMoneyAsync(order, "CANCELLED", "REFUNDED", 1999, 1999, Ct);
            }
            else
            {
                await topology.AssertMoneyAsync(order, "CANCELLED", "CANCELLED", 0, 0, Ct);
            }
        }));
    }

    private async Task<(Shopper, StripeDesk, Guid)> UnpaidAsync()
    {
        var product = await topology.NewProductAsync(stock: 9, priceMinor: 1999, Ct);
        var shopper = await topology.NewShopperAsync(Ct);
        return (shopper, new StripeDesk(topology), await shopper.PlaceUnpaidAsync(product, Ct));
    }

    private static Task WaitForIntentAsync(StripeDesk stripe, Guid order, string status) =>
        Eventually.TrueAsync(
            async () => Assert.Single(
                (await stripe.LedgerAsync(order, Ct)).GetProperty("intents").EnumerateArray())
                .GetProperty("status").GetString() == status,
            TimeSpan.FromSeconds(20), $"the intent is {status}", Ct);
}

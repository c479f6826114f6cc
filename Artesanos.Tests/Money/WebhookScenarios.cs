using System.Net;
using Xunit;

namespace Artesanos.Tests.Money;

/// <summary>
/// Webhooks that come late, twice, in the wrong order, from somebody else or not at all. Each
/// scenario ends with order, row and ledger in agreement.
/// </summary>
[Trait("Category", "E2E")]
public sealed class WebhookScenarios(Topology topology)
{
    private const string Succeeded = "payment_intent.succeeded";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payment_whose_webhook_is_lost_is_found_by_its_undelivered_event()
    {
        using var stripe = new StripeDesk(topology);
        var order = await UnpaidAsync();
        await stripe.DropNextWebhookAsync(order, Succeeded, Ct);

        await stripe.PayAsync(order, Ct);

        await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
        var lost = Assert.Single(await stripe.EventsAsync(order, Succeeded, Ct));
        await Eventually.TrueAsync(
            async () => await CountEventsAsync(lost.GetProperty("id").GetString()!) == 1,
            Patience, "the lost event is stored", Ct);
        Assert.Equal(1, await PublishedAsync(order, "payments.succeeded"));
    }

    [Fact]
    public async Task A_cancel_in_the_dashboard_whose_webhook_is_lost_is_found()
    {
        using var stripe = new StripeDesk(topology);
        var order = await UnpaidAsync();
        await stripe.DropNextWebhookAsync(order, "payment_intent.canceled", Ct);

        await stripe.CancelAsync(order, Ct);

        await topology.AssertMoneyAsync(order, "FAILED", "CANCELLED", 0, 0, Ct);
    }

    [Fact]
    public async Task A_webhook_that_comes_late_completes_the_order_once()
    {
        using var stripe = new StripeDesk(topology);
        var order = await UnpaidAsync();
        await using var late = await stripe.FaultAsync(
            "webhook_delay", Succeeded, Ct, delayMs: 2000, order: order);

        await stripe.PayAsync(order, Ct);

        await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
        await late.AssertStruckAsync(Ct);
        Assert.Equal(1, await PublishedAsync(order, "payments.succeeded"));
    }

    [Fact]
    public async Task A_webhook_that_comes_twice_and_again_by_hand_takes_effect_once()
    {
        using var stripe = new StripeDesk(topology);
        var order = await UnpaidAsync();
        await using var twice = await stripe.FaultAsync(
            "webhook_duplicate", Succeeded, Ct, order: order);

        await stripe.PayAsync(order, Ct);
        await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
        var paid = Assert.Single(await stripe.EventsAsync(order, Succeeded, Ct))
            .GetProperty("id").GetString()!;
        await stripe.ResendAsync(paid, Ct);
        await stripe.QuietAsync(order, Ct);

        await twice.AssertStruckAsync(Ct);
        await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
        Assert.Equal(1, await CountEventsAsync(paid));
        Assert.Equal(1, await PublishedAsync(order, "payments.succeeded"));
    }

    [Fact]
    public async Task A_decline_that_is_told_after_the_success_changes_nothing()
    {
        using var stripe = new StripeDesk(topology);
        var order = await UnpaidAsync();
        await using var disorder = await stripe.FaultAsync(
            "webhook_delay", "payment_intent.payment_failed", Ct, delayMs: 2000, order: order);

        await Assert.ThrowsAnyAsync<Exception>(
            () => stripe.PayAsync(order, Ct, "pm_card_chargeDeclined"));
        await stripe.PayAsync(order, Ct);
        await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
        await stripe.QuietAsync(order, Ct);

        await disorder.AssertStruckAsync(Ct);
        Assert.Equal(
            [Succeeded, "payment_intent.payment_failed"],
            await topology.QueryTextsAsync("payments",
                "SELECT type FROM stripe_events WHERE intent_id = $1 ORDER BY received_at",
                Ct, await stripe.IntentIdAsync(order, Ct)));
        await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
    }

    [Fact]
    public async Task A_forged_success_charges_nobody_and_completes_nothing()
    {
        using var stripe = new StripeDesk(topology);
        var order = await UnpaidAsync();
        var body = await SuccessOfAsync(stripe, order);

        Assert.Equal(HttpStatusCode.BadRequest,
            await topology.PostWebhookAsync(body, "whsec_of_somebody_else", TimeSpan.Zero, Ct));

        await topology.AssertMoneyAsync(order, "PAYMENT_PENDING", "OPEN", 0, 0, Ct);
    }

    [Fact]
    public async Task A_genuine_webhook_that_is_replayed_later_is_refused()
    {
        using var stripe = new StripeDesk(topology);
        var order = await UnpaidAsync();
        var body = await SuccessOfAsync(stripe, order);
        var secret = (await topology.WebhookSecretsAsync(Ct))[0];

        Assert.Equal(HttpStatusCode.BadRequest,
            await topology.PostWebhookAsync(body, secret, TimeSpan.FromMinutes(-6), Ct));

        await topology.AssertMoneyAsync(order, "PAYMENT_PENDING", "OPEN", 0, 0, Ct);
    }

    [Fact]
    public async Task A_webhook_signed_with_the_second_of_two_secrets_completes_the_order()
    {
        using var stripe = new StripeDesk(topology);
        var order = await UnpaidAsync();
        await stripe.DropNextWebhookAsync(order, Succeeded, Ct);
        await stripe.PayAsync(order, Ct);
        var paid = Assert.Single(await stripe.EventsAsync(order, Succeeded, Ct));
        var secret = (await topology.WebhookSecretsAsync(Ct))[1];

        Assert.Equal(HttpStatusCode.OK, await topology.PostWebhookAsync(
            paid.GetRawText(), secret, TimeSpan.Zero, Ct));

        Assert.Equal(1, await CountEventsAsync(paid.GetProperty("id").GetString()!));
        await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
    }

    [Fact]
    public async Task While_Stripe_rolls_its_secret_and_signs_with_both_orders_complete()
    {
        using var stripe = new StripeDesk(topology);
        await stripe.RollWebhookSecretAsync(Ct);
        var order = await UnpaidAsync();

        await stripe.PayAsync(order, Ct);
        await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);

        await stripe.QuietAsync(order, Ct);
        var paid = Assert.Single(await stripe.EventsAsync(order, Succeeded, Ct));
        Assert.Equal(0, paid.GetProperty("pending_webhooks").GetInt32());
        Assert.Equal(1, await CountEventsAsync(paid.GetProperty("id").GetString()!));
    }

    [Fact]
    public async Task An_event_of_an_unknown_intent_is_kept_and_tried_again()
    {
        var id = $"evt_{Guid.CreateVersion7():N}";
        var body = StripeDesk.EventJson(
            id, Succeeded, new { id = "pi_of_nobody", @object = "payment_intent" });
        var secret = (await topology.WebhookSecretsAsync(Ct))[1];

        Assert.Equal(
            HttpStatusCode.OK, await topology.PostWebhookAsync(body, secret, TimeSpan.Zero, Ct));

        await Eventually.TrueAsync(
            async () => await topology.QueryAsync<bool>("payments",
                "SELECT tries > 1 AND processed_at IS NULL FROM stripe_events WHERE id = $1",
                Ct, id),
            Patience, "it is tried again", Ct);
    }

    private async Task<Guid> UnpaidAsync()
    {
        var product = await topology.NewProductAsync(stock: 9, priceMinor: 1999, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        return await shopper.PlaceUnpaidAsync(product, Ct);
    }

    /// <summary>What Stripe would say, had the order been paid.</summary>
    private static async Task<string> SuccessOfAsync(StripeDesk stripe, Guid order) =>
        StripeDesk.EventJson($"evt_{Guid.CreateVersion7():N}", Succeeded, new
        {
            id = await stripe.IntentIdAsync(order, Ct),
            @object = "payment_intent",
            status = "succeeded",
            amount_received = 1999,
            currency = "eur",
            livemode = false,
            metadata = new { order_id = order },
        });

    private Task<long> CountEventsAsync(string id) => topology.QueryAsync<long>(
        "payments", "SELECT count(*) FROM stripe_events WHERE id = $1", Ct, id);

    private Task<long> PublishedAsync(Guid order, string subject) => topology.QueryAsync<long>(
        "payments", "SELECT count(*) FROM outbox WHERE key = $1 AND subject = $2",
        Ct, order, subject);
}

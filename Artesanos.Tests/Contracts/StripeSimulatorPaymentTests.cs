using System.Net;
using Stripe;
using Xunit;
using static Artesanos.Tests.Contracts.StripeSimulatorHost;

namespace Artesanos.Tests.Contracts;

/// <summary>Payment intents through the unmodified Stripe.net client.</summary>
public sealed class StripeSimulatorPaymentTests : IAsyncLifetime
{
    private StripeSimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PaymentIntentService Intents => _host.Client.V1.PaymentIntents;

    public async ValueTask InitializeAsync() => _host = await StripeSimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_intent_is_created_then_confirmed_on_the_server_and_succeeds()
    {
        var created = await Intents.CreateAsync(Order("o-1"), cancellationToken: Cancellation);

        Assert.Equal("requires_payment_method", created.Status);
        Assert.StartsWith("pi_3", created.Id, StringComparison.Ordinal);
        Assert.StartsWith(created.Id + "_secret_", created.ClientSecret, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, created.StripeResponse.StatusCode);
        Assert.StartsWith("req_", created.StripeResponse.RequestId, StringComparison.Ordinal);

        var confirmed = await Intents.ConfirmAsync(
            created.Id, new PaymentIntentConfirmOptions { PaymentMethod = "pm_card_visa" },
            cancellationToken: Cancellation);

        Assert.Equal("succeeded", confirmed.Status);
        Assert.Equal(2599, confirmed.AmountReceived);
        Assert.Equal("o-1", confirmed.Metadata["order_id"]);
        Assert.False(confirmed.Livemode);
        Assert.StartsWith("ch_3", confirmed.LatestChargeId, StringComparison.Ordinal);

        var charge = await _host.Client.V1.Charges.GetAsync(
            confirmed.LatestChargeId, cancellationToken: Cancellation);
        Assert.True(charge.Captured);
        Assert.Equal("4242", charge.PaymentMethodDetails.Card.Last4);
    }

    [Fact]
    public async Task A_declined_card_is_402_and_another_card_may_confirm_the_same_intent()
    {
        var intent = await Intents.CreateAsync(Order("o-2"), cancellationToken: Cancellation);

        var declined = await Assert.ThrowsAsync<StripeException>(() => Intents.ConfirmAsync(
            intent.Id,
            new() { PaymentMethod = "pm_card_visa_chargeDeclinedInsufficientFunds" },
            cancellationToken: Cancellation));

        Assert.Equal(HttpStatusCode.PaymentRequired, declined.HttpStatusCode);
        Assert.Equal("card_error", declined.StripeError.Type);
        Assert.Equal("card_declined", declined.StripeError.Code);
        Assert.Equal("insufficient_funds", declined.StripeError.DeclineCode);
        Assert.Equal("requires_payment_method", declined.StripeError.PaymentIntent.Status);
        Assert.Equal(
            "card_declined", declined.StripeError.PaymentIntent.LastPaymentError.Code);

        var paid = await Intents.ConfirmAsync(
            intent.Id, new() { PaymentMethod = "pm_card_mastercard" },
            cancellationToken: Cancellation);
        Assert.Equal("succeeded", paid.Status);
        Assert.Null(paid.LastPaymentError);
    }

    [Fact]
    public async Task An_intent_confirmed_while_created_needs_a_way_back_unless_redirects_are_off()
    {
        var options = Order("o-3", "pm_card_visa");
        options.AutomaticPaymentMethods = null;

        var refused = await Assert.ThrowsAsync<StripeException>(
            () => Intents.CreateAsync(options, cancellationToken: Cancellation));
        Assert.Equal(HttpStatusCode.BadRequest, refused.HttpStatusCode);
        Assert.Contains("return_url", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await Intents.ListAsync(cancellationToken: Cancellation));

        options.ReturnUrl = "https://shop.example/back";
        var paid = await Intents.CreateAsync(options, cancellationToken: Cancellation);
        Assert.Equal("succeeded", paid.Status);
        Assert.Equal("always", paid.AutomaticPaymentMethods.AllowRedirects);
    }

    [Fact]
    public async Task A_wrong_state_says_in_the_error_what_happened()
    {
        var intent = await PaidAsync("o-4");

        var again = await Assert.ThrowsAsync<StripeException>(() => Intents.ConfirmAsync(
            intent.Id, new() { PaymentMethod = "pm_card_visa" }, cancellationToken: Cancellation));
        var cancelled = await Assert.ThrowsAsync<StripeException>(
            () => Intents.CancelAsync(intent.Id, cancellationToken: Cancellation));

        foreach (var refused in new[] { again, cancelled })
        {
            Assert.Equal(HttpStatusCode.BadRequest, refused.HttpStatusCode);
            Assert.Equal("payment_intent_unexpected_state", refused.StripeError.Code);
            Assert.Equal("succeeded", refused.StripeError.PaymentIntent.Status);
        }
    }

    [Fact]
    public async Task A_cancelled_intent_can_no_longer_be_paid()
    {
        var intent = await Intents.CreateAsync(Order("o-5"), cancellationToken: Cancellation);

        var cancelled = await Intents.CancelAsync(
            intent.Id, new() { CancellationReason = "abandoned" },
            cancellationToken: Cancellation);

        Assert.Equal("canceled", cancelled.Status);
        Assert.Equal("abandoned", cancelled.CancellationReason);
        Assert.NotNull(cancelled.CanceledAt);
        var refused = await Assert.ThrowsAsync<StripeException>(() => Intents.ConfirmAsync(
            intent.Id, new() { PaymentMethod = "pm_card_visa" }, cancellationToken: Cancellation));
        Assert.Equal("canceled", refused.StripeError.PaymentIntent.Status);
    }

    [Theory]
    [InlineData("succeeded", "succeeded")]
    [InlineData("failed", "requires_payment_method")]
    public async Task Authentication_is_finished_by_the_control_api(string outcome, string status)
    {
        var options = Order("o-6", "pm_card_authenticationRequired");
        options.ReturnUrl = "https://shop.example/back";
        var waiting = await Intents.CreateAsync(options, cancellationToken: Cancellation);
        Assert.Equal("requires_action", waiting.Status);
        Assert.Equal(
            "https://shop.example/back", waiting.NextAction.RedirectToUrl.ReturnUrl);
        var page = await _host.Http.GetStringAsync(
            new Uri(waiting.NextAction.RedirectToUrl.Url), Cancellation);
        Assert.Contains(waiting.Id, page, StringComparison.Ordinal);
        Assert.DoesNotContain(waiting.ClientSecret, page, StringComparison.Ordinal);

        await _host.ControlAsync(
            $"/payment_intents/{waiting.Id}/authentication", new { outcome }, Cancellation);

        var after = await Intents.GetAsync(waiting.Id, cancellationToken: Cancellation);
        Assert.Equal(status, after.Status);
        Assert.Null(after.NextAction);
    }

    [Fact]
    public async Task Off_session_a_card_that_needs_its_owner_is_declined()
    {
        var options = Order("o-7", "pm_card_authenticationRequired");
        options.OffSession = true;

        var declined = await Assert.ThrowsAsync<StripeException>(
            () => Intents.CreateAsync(options, cancellationToken: Cancellation));

        Assert.Equal(HttpStatusCode.PaymentRequired, declined.HttpStatusCode);
        Assert.Equal("authentication_required", declined.StripeError.Code);
    }

    [Fact]
    public async Task A_manual_capture_takes_part_of_the_authorized_amount()
    {
        var options = Order("o-8", "pm_card_visa");
        options.CaptureMethod = "manual";
        var authorized = await Intents.CreateAsync(options, cancellationToken: Cancellation);
        Assert.Equal("requires_capture", authorized.Status);
        Assert.Equal(2599, authorized.AmountCapturable);

        var captured = await Intents.CaptureAsync(
            authorized.Id, new() { AmountToCapture = 2000 }, cancellationToken: Cancellation);

        Assert.Equal("succeeded", captured.Status);
        Assert.Equal(2000, captured.AmountReceived);
    }

    [Fact]
    public async Task A_slow_payment_is_processing_until_it_is_settled()
    {
        var options = Order("o-9", "pm_simulator_processing");
        var slow = await Intents.CreateAsync(options, cancellationToken: Cancellation);
        Assert.Equal("processing", slow.Status);

        await _host.ControlAsync(
            $"/payment_intents/{slow.Id}/settle", new { outcome = "succeeded" }, Cancellation);

        var settled = await Intents.GetAsync(slow.Id, cancellationToken: Cancellation);
        Assert.Equal("succeeded", settled.Status);
    }

    [Fact]
    public async Task An_update_changes_metadata_and_amount_before_the_payment_only()
    {
        var intent = await Intents.CreateAsync(Order("o-10"), cancellationToken: Cancellation);

        var updated = await Intents.UpdateAsync(
            intent.Id,
            new() { Amount = 3000, Metadata = new() { ["order_id"] = "", ["note"] = "ñ & =" } },
            cancellationToken: Cancellation);

        Assert.Equal(3000, updated.Amount);
        Assert.Equal("ñ & =", updated.Metadata["note"]);
        Assert.False(updated.Metadata.ContainsKey("order_id"));

        var paid = await PaidAsync("o-11");
        var refused = await Assert.ThrowsAsync<StripeException>(() => Intents.UpdateAsync(
            paid.Id, new() { Amount = 1 }, cancellationToken: Cancellation));
        Assert.Equal("payment_intent_unexpected_state", refused.StripeError.Code);
    }

    [Fact]
    public async Task Lists_are_paged_newest_first_and_references_expand()
    {
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            made.Add((await PaidAsync($"o-12-{i}")).Id);
        }

        made.Reverse();
        var listed = new List<string>();
        await foreach (var intent in Intents.ListAutoPagingAsync(
            new() { Limit = 2, Expand = ["data.latest_charge"] }, cancellationToken: Cancellation))
        {
            listed.Add(intent.Id);
            Assert.Equal(intent.Id, intent.LatestCharge.PaymentIntentId);
        }

        Assert.Equal(made, listed);

        var newer = await Intents.ListAsync(
            new() { Limit = 2, EndingBefore = made[3] }, cancellationToken: Cancellation);
        Assert.Equal([made[1], made[2]], newer.Select(intent => intent.Id));
        Assert.True(newer.HasMore);
    }

    private Task<PaymentIntent> PaidAsync(string orderId) => Intents.CreateAsync(
        Order(orderId, "pm_card_visa"), cancellationToken: Cancellation);
}

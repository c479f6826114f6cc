using System.Net;
using System.Text.Json.Nodes;
using Stripe;
using Xunit;

namespace Artesanos.Tests.Contracts;

/// <summary>Refunds, disputes and the ledger through the unmodified Stripe.net client.</summary>
public sealed class StripeSimulatorRefundTests : IAsyncLifetime
{
    private StripeSimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RefundService Refunds => _host.Client.V1.Refunds;

    public async ValueTask InitializeAsync() => _host = await StripeSimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_payment_is_refunded_in_parts_and_never_beyond_what_was_paid()
    {
        var intent = await PaidAsync("o-1", "pm_card_visa");

        var first = await Refunds.CreateAsync(
            new() { PaymentIntent = intent.Id, Amount = 1000, Reason = "requested_by_customer" },
            cancellationToken: Cancellation);
        Assert.Equal("succeeded", first.Status);
        Assert.Equal(intent.LatestChargeId, first.ChargeId);

        var tooMuch = await Assert.ThrowsAsync<StripeException>(() => Refunds.CreateAsync(
            new() { PaymentIntent = intent.Id, Amount = 1600 }, cancellationToken: Cancellation));
        Assert.Equal("amount", tooMuch.StripeError.Param);

        var rest = await Refunds.CreateAsync(
            new() { Charge = intent.LatestChargeId, Expand = ["charge"] },
            cancellationToken: Cancellation);
        Assert.Equal(1599, rest.Amount);
        Assert.True(rest.Charge.Refunded);

        var again = await Assert.ThrowsAsync<StripeException>(() => Refunds.CreateAsync(
            new() { PaymentIntent = intent.Id }, cancellationToken: Cancellation));
        Assert.Equal(HttpStatusCode.BadRequest, again.HttpStatusCode);
        Assert.Equal("charge_already_refunded", again.StripeError.Code);

        var listed = await Refunds.ListAsync(
            new() { PaymentIntent = intent.Id }, cancellationToken: Cancellation);
        Assert.Equal([rest.Id, first.Id], listed.Select(refund => refund.Id));
    }

    [Fact]
    public async Task A_refund_that_fails_later_may_be_made_again()
    {
        var intent = await PaidAsync("o-2", "pm_card_refundFail");
        var refund = await Refunds.CreateAsync(
            new() { PaymentIntent = intent.Id }, cancellationToken: Cancellation);
        Assert.Equal("succeeded", refund.Status);

        var failed = await UntilAsync(refund.Id, "failed");

        Assert.Equal("expired_or_canceled_card", failed.FailureReason);
        Assert.Equal(0, (long)(await OrderAsync("o-2"))["refunded_minor"]!);
        await Refunds.CreateAsync(
            new() { PaymentIntent = intent.Id }, cancellationToken: Cancellation);
        Assert.Equal(2599, (long)(await OrderAsync("o-2"))["refunded_minor"]!);
    }

    [Fact]
    public async Task A_pending_refund_succeeds_later()
    {
        var intent = await PaidAsync("o-3", "pm_card_pendingRefund");
        var refund = await Refunds.CreateAsync(
            new() { PaymentIntent = intent.Id }, cancellationToken: Cancellation);
        Assert.Equal("pending", refund.Status);

        await UntilAsync(refund.Id, "succeeded");
    }

    [Fact]
    public async Task An_unpaid_intent_cannot_be_refunded()
    {
        var intent = await _host.Client.V1.PaymentIntents.CreateAsync(
            new() { Amount = 2599, Currency = "eur" }, cancellationToken: Cancellation);

        var refused = await Assert.ThrowsAsync<StripeException>(() => Refunds.CreateAsync(
            new() { PaymentIntent = intent.Id }, cancellationToken: Cancellation));

        Assert.Equal(HttpStatusCode.BadRequest, refused.HttpStatusCode);
    }

    [Fact]
    public async Task A_disputed_charge_cannot_be_refunded()
    {
        var intent = await PaidAsync("o-4", "pm_card_visa");
        var dispute = await _host.ControlAsync(
            $"/payment_intents/{intent.Id}/dispute", new { reason = "fraudulent" }, Cancellation);

        var refused = await Assert.ThrowsAsync<StripeException>(() => Refunds.CreateAsync(
            new() { PaymentIntent = intent.Id }, cancellationToken: Cancellation));
        Assert.Equal("charge_disputed", refused.StripeError.Code);

        await _host.ControlAsync(
            $"/disputes/{dispute["id"]}/close", new { outcome = "lost" }, Cancellation);
        var webhooks = await _host.WebhooksAsync(Cancellation);
        var closed = Assert.Single(
            webhooks, webhook => webhook.Verified().Type == "charge.dispute.closed");
        Assert.Equal("lost", Assert.IsType<Dispute>(closed.Verified().Data.Object).Status);
    }

    [Fact]
    public async Task The_ledger_says_what_an_order_was_charged_and_refunded()
    {
        var intent = await PaidAsync("o-5", "pm_card_visa");
        await Refunds.CreateAsync(
            new() { PaymentIntent = intent.Id, Amount = 599 }, cancellationToken: Cancellation);

        var order = await OrderAsync("o-5");

        Assert.Equal(2599, (long)order["charged_minor"]!);
        Assert.Equal(599, (long)order["refunded_minor"]!);
        Assert.Equal("eur", (string)order["currency"]!);
        Assert.Equal("succeeded", (string)order["intents"]![0]!["status"]!);
    }

    private async Task<JsonNode> OrderAsync(string orderId) =>
        (await _host.GetAsync($"/control/ledger?order_id={orderId}", Cancellation))["orders"]![0]!;

    private async Task<Refund> UntilAsync(string refundId, string status)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (true)
        {
            var refund = await Refunds.GetAsync(refundId, cancellationToken: limit.Token);
            if (refund.Status == status)
            {
                return refund;
            }

            await Task.Delay(10, limit.Token);
        }
    }

    private Task<PaymentIntent> PaidAsync(string orderId, string paymentMethod) =>
        _host.Client.V1.PaymentIntents.CreateAsync(
            StripeSimulatorHost.Order(orderId, paymentMethod), cancellationToken: Cancellation);
}

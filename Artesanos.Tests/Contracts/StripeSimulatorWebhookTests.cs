using System.Net;
using Stripe;
using Xunit;

namespace Artesanos.Tests.Contracts;

/// <summary>Signed webhooks, their retries and faults, and the list of events.</summary>
public sealed class StripeSimulatorWebhookTests : IAsyncLifetime
{
    private StripeSimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await StripeSimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_payment_sends_one_signed_event_of_the_type_that_Payments_handles()
    {
        var intent = await PayAsync("k-pay");

        var webhook = Assert.Single(await _host.WebhooksAsync(Cancellation));

        var verified = webhook.Verified();
        Assert.Equal("payment_intent.succeeded", verified.Type);
        Assert.Equal(StripeConfiguration.ApiVersion, verified.ApiVersion);
        Assert.Equal("k-pay", verified.Request.IdempotencyKey);
        var snapshot = Assert.IsType<PaymentIntent>(verified.Data.Object);
        Assert.Equal(intent.Id, snapshot.Id);
        Assert.Equal("succeeded", snapshot.Status);
    }

    [Fact]
    public async Task A_refused_webhook_comes_again_with_a_fresh_signature_and_the_same_event()
    {
        _host.WebhookAnswers.Enqueue(HttpStatusCode.InternalServerError);
        _host.WebhookAnswers.Enqueue(HttpStatusCode.Redirect);
        await PayAsync();

        var attempts = await _host.WebhooksAsync(Cancellation);

        Assert.Equal(3, attempts.Count);
        Assert.Single(attempts.Select(attempt => attempt.Verified().Id).Distinct());
    }

    [Fact]
    public async Task An_event_that_was_never_taken_is_listed_as_undelivered()
    {
        for (var i = 0; i < 3; i++)
        {
            _host.WebhookAnswers.Enqueue(HttpStatusCode.ServiceUnavailable);
        }

        await PayAsync();
        await _host.WebhooksAsync(Cancellation);

        var undelivered = Assert.Single(await ListAsync(delivered: false));
        Assert.Equal("payment_intent.succeeded", undelivered.Type);

        // Sent once more by hand, it is delivered.
        await _host.ControlAsync($"/events/{undelivered.Id}/resend", new { }, Cancellation);
        await _host.WebhooksAsync(Cancellation);
        Assert.Empty(await ListAsync(delivered: false));
    }

    [Fact]
    public async Task Events_are_listed_whether_or_not_an_endpoint_takes_them()
    {
        await PayAsync();

        var all = await _host.Client.V1.Events.ListAsync(cancellationToken: Cancellation);
        var some = await _host.Client.V1.Events.ListAsync(
            new() { Types = ["charge.succeeded", "payment_intent.created"] },
            cancellationToken: Cancellation);

        Assert.Equal(
            ["payment_intent.succeeded", "charge.succeeded", "payment_intent.created"],
            all.Select(listed => listed.Type));
        Assert.Equal(2, some.Data.Count);
        var one = await _host.Client.V1.Events.GetAsync(
            some.Data[0].Id, cancellationToken: Cancellation);
        Assert.Equal("charge.succeeded", one.Type);
    }

    [Fact]
    public async Task A_snapshot_keeps_the_state_of_its_moment()
    {
        var intent = await _host.Client.V1.PaymentIntents.CreateAsync(
            new() { Amount = 2599, Currency = "eur" }, cancellationToken: Cancellation);
        await _host.Client.V1.PaymentIntents.CancelAsync(
            intent.Id, cancellationToken: Cancellation);

        var created = Assert.Single(await _host.Client.V1.Events.ListAsync(
            new() { Type = "payment_intent.created" }, cancellationToken: Cancellation));

        Assert.Equal(
            "requires_payment_method", ((PaymentIntent)created.Data.Object).Status);
    }

    [Fact]
    public async Task Webhooks_are_dropped_duplicated_and_reordered_on_demand()
    {
        await _host.ControlAsync("/faults", new { kind = "webhook_drop" }, Cancellation);
        await PayAsync();
        Assert.Empty(await _host.WebhooksAsync(Cancellation));
        Assert.Single(await ListAsync(delivered: false));

        await _host.ControlAsync("/faults", new { kind = "webhook_duplicate" }, Cancellation);
        await PayAsync();
        var duplicated = await _host.WebhooksAsync(Cancellation);
        Assert.Equal(2, duplicated.Count);
        Assert.Equal(duplicated[0].Verified().Id, duplicated[1].Verified().Id);

        await _host.ControlAsync(
            "/faults", new { kind = "webhook_reorder", delay_ms = 10_000 }, Cancellation);
        var first = await PayAsync();
        var second = await PayAsync();
        var reordered = (await _host.WebhooksAsync(Cancellation)).Skip(2)
            .Select(webhook => ((PaymentIntent)webhook.Verified().Data.Object).Id);
        Assert.Equal([second.Id, first.Id], reordered);
    }

    [Fact]
    public async Task A_rolled_secret_signs_beside_the_old_one_until_that_expires()
    {
        var endpoint = Assert.Single(await _host.Client.V1.WebhookEndpoints.ListAsync(
            cancellationToken: Cancellation));
        var rolled = await _host.ControlAsync(
            $"/webhook_endpoints/{endpoint.Id}/roll_secret", new { expires_in_seconds = 3600 },
            Cancellation);
        await PayAsync();

        var webhook = Assert.Single(await _host.WebhooksAsync(Cancellation));

        Assert.Equal(2, webhook.Signature.Split("v1=").Length - 1);
        Assert.Equal("payment_intent.succeeded", webhook.Verified().Type);
        EventUtility.ConstructEvent(
            webhook.Body, webhook.Signature, (string)rolled["secret"]!);
    }

    [Fact]
    public async Task Endpoints_are_managed_by_the_api_and_show_their_secret_once()
    {
        var endpoints = _host.Client.V1.WebhookEndpoints;
        var created = await endpoints.CreateAsync(
            new() { Url = "https://shop.example/hook", EnabledEvents = ["charge.refunded"] },
            cancellationToken: Cancellation);
        Assert.StartsWith("whsec_", created.Secret, StringComparison.Ordinal);

        var updated = await endpoints.UpdateAsync(
            created.Id, new() { Disabled = true }, cancellationToken: Cancellation);
        Assert.Equal("disabled", updated.Status);
        Assert.Null(updated.Secret);

        var deleted = await endpoints.DeleteAsync(created.Id, cancellationToken: Cancellation);
        Assert.True(deleted.Deleted);
    }

    private Task<StripeList<Event>> ListAsync(bool delivered) =>
        _host.Client.V1.Events.ListAsync(
            new() { DeliverySuccess = delivered, Type = "payment_intent.*" },
            cancellationToken: Cancellation);

    private Task<PaymentIntent> PayAsync(string? key = null) =>
        _host.Client.V1.PaymentIntents.CreateAsync(
            StripeSimulatorHost.Order("o", "pm_card_visa"),
            new RequestOptions { IdempotencyKey = key },
            Cancellation);
}

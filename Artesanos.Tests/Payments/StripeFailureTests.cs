using System.Net;
using Artesanos.Payments.Charging;
using Artesanos.Payments.StripeApi;
using Stripe;
using Xunit;
using static Artesanos.Payments.Charging.PaymentFact;

namespace Artesanos.Tests.Payments;

/// <summary>What a failed call proves.</summary>
public sealed class StripeFailureTests
{
    [Fact]
    public void A_decline_says_the_decline_code_or_else_the_code()
    {
        Assert.Equal(
            new Declined("insufficient_funds"),
            Confirm(402, new()
            {
                Type = "card_error",
                Code = "card_declined",
                DeclineCode = "insufficient_funds",
            }));
        Assert.Equal(
            new Declined("expired_card"),
            Confirm(402, new() { Type = "card_error", Code = "expired_card" }));
    }

    [Fact]
    public void An_unexpected_state_shows_the_intent_as_it_is()
    {
        var error = new StripeError
        {
            Type = "invalid_request_error",
            Code = "payment_intent_unexpected_state",
            PaymentIntent = new PaymentIntent { Id = "pi_1", Status = "succeeded" },
        };

        var seen = Assert.IsType<IntentSeen>(Confirm(400, error));

        Assert.Equal("succeeded", seen.Intent.Status);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    public void An_invalid_request_is_refused_for_ever(int status) => Assert.Equal(
        new Refused(StripeCall.ConfirmIntent, "resource_missing"),
        Confirm(status, new() { Type = "invalid_request_error", Code = "resource_missing" }));

    [Theory]
    [InlineData(401, "invalid_request_error", null)]
    [InlineData(403, "invalid_request_error", null)]
    [InlineData(409, "idempotency_error", "idempotency_key_in_use")]
    [InlineData(429, "invalid_request_error", "rate_limit")]
    [InlineData(429, "invalid_request_error", "lock_timeout")]
    [InlineData(500, "api_error", null)]
    [InlineData(503, "api_error", null)]
    public void An_outage_proves_nothing_and_keeps_the_key(int status, string type, string? code) =>
        Assert.Equal(
            new Unanswered(StripeCall.ConfirmIntent, KeyIsSpent: false),
            Confirm(status, new() { Type = type, Code = code }));

    [Fact]
    public void An_answer_that_is_not_Stripes_json_proves_nothing() => Assert.Equal(
        new Unanswered(StripeCall.ConfirmIntent, KeyIsSpent: false), Confirm(502, null));

    [Theory]
    [InlineData(typeof(HttpRequestException))]
    [InlineData(typeof(TaskCanceledException))]
    [InlineData(typeof(IOException))]
    public void A_lost_connection_or_a_timeout_proves_nothing(Type failure) => Assert.Equal(
        new Unanswered(StripeCall.CreateIntent, KeyIsSpent: false),
        StripeFailures.Classify(
            StripeCall.CreateIntent, (Exception)Activator.CreateInstance(failure)!));

    [Fact]
    public void A_replayed_failure_or_another_body_spends_the_key()
    {
        using var message = new HttpResponseMessage();
        message.Headers.Add("Idempotent-Replayed", "true");
        var replayed = new StripeException(
            HttpStatusCode.InternalServerError, new StripeError { Type = "api_error" }, "failed")
        {
            StripeResponse = new StripeResponse(
                HttpStatusCode.InternalServerError, message.Headers, ""),
        };

        Assert.Equal(
            new Unanswered(StripeCall.CreateIntent, KeyIsSpent: true),
            StripeFailures.Classify(StripeCall.CreateIntent, replayed));
        Assert.Equal(
            new Unanswered(StripeCall.ConfirmIntent, KeyIsSpent: true),
            Confirm(400, new() { Type = "idempotency_error" }));
    }

    private static PaymentFact Confirm(int status, StripeError? error) => StripeFailures.Classify(
        StripeCall.ConfirmIntent, new StripeException((HttpStatusCode)status, error, "failed"));
}

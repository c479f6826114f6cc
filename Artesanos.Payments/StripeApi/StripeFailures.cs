using System.Net;
using Artesanos.Payments.Charging;
using Stripe;

namespace Artesanos.Payments.StripeApi;

/// <summary>Sorts what a call failed with: a fact about the payment, or nothing known.</summary>
internal static class StripeFailures
{
    private const string ReplayedHeader = "Idempotent-Replayed";

    public static PaymentFact Classify(StripeCall call, Exception failure)
    {
        // An answer that is not Stripe's JSON (a proxy's page) has no StripeError.
        if (failure is not StripeException { StripeError: { } error } stripe)
        {
            return new PaymentFact.Unanswered(call, KeyIsSpent: IsReplay(failure));
        }
        if (error.Code == "payment_intent_unexpected_state" && error.PaymentIntent is { } intent)
        {
            // What was to be done is done already, or overtaken: the intent says which.
            return new PaymentFact.IntentSeen(StripeSnapshots.Of(intent), call);
        }
        if (error.Type == "card_error" && call == StripeCall.ConfirmIntent)
        {
            return new PaymentFact.Declined(error.DeclineCode ?? error.Code ?? "declined");
        }
        if (error.Type == "idempotency_error" && stripe.HttpStatusCode == HttpStatusCode.BadRequest)
        {
            // The key was used with another body, by an older version of this code.
            return new PaymentFact.Unanswered(call, KeyIsSpent: true);
        }
        return stripe.HttpStatusCode is HttpStatusCode.BadRequest or HttpStatusCode.PaymentRequired
            or HttpStatusCode.NotFound && error.Code != "lock_timeout"
            ? new PaymentFact.Refused(call, error.Code ?? error.Type ?? "invalid_request")
            // 401 and 403 are a wrong key of ours, and an outage of ours fails no order.
            : new PaymentFact.Unanswered(call, KeyIsSpent: IsReplay(failure));
    }

    private static bool IsReplay(Exception failure) =>
        failure is StripeException { StripeResponse.Headers: { } headers }
        && headers.TryGetValues(ReplayedHeader, out var values)
        && values.Contains("true", StringComparer.OrdinalIgnoreCase);
}

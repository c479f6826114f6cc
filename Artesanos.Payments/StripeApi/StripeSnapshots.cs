using Artesanos.Payments.Charging;
using Stripe;

namespace Artesanos.Payments.StripeApi;

/// <summary>Takes from Stripe's objects what decisions look at, and nothing else.</summary>
internal static class StripeSnapshots
{
    /// <summary>Metadata key on intents and refunds.</summary>
    public const string OrderId = "order_id";

    /// <summary>Metadata key on refunds.</summary>
    public const string RefundId = "refund_id";

    public static IntentSnapshot Of(PaymentIntent intent) => new(
        intent.Id, intent.Status, intent.Metadata?.GetValueOrDefault(OrderId),
        intent.AmountReceived, intent.Currency, intent.Livemode,
        intent.LastPaymentError?.DeclineCode ?? intent.LastPaymentError?.Code,
        intent.CancellationReason);

    public static PaymentFact.RefundSeen Of(Stripe.Refund refund) =>
        new(refund.Id, RefundIdOf(refund.Metadata?.GetValueOrDefault(RefundId)), refund.Status,
            refund.Amount, refund.FailureReason);

    public static Guid? RefundIdOf(string? metadata) =>
        Guid.TryParse(metadata, out var id) ? id : null;
}

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

    /// <summary>
    /// How the money owed stands among all refunds of its intent. It does not matter who made
    /// those that give it back, or in how many parts.
    /// </summary>
    public static PaymentFact Standing(IReadOnlyList<Stripe.Refund> refunds, Payment payment)
    {
        var owed = payment.RefundId!.Value;
        var ours = refunds.FirstOrDefault(
            refund => RefundIdOf(refund.Metadata?.GetValueOrDefault(RefundId)) == owed);
        var alive = refunds.Where(
            refund => refund.Status is "succeeded" or "pending" or "requires_action").ToList();
        if (alive.Sum(refund => refund.Amount) < payment.AmountMinor)
        {
            return ours is null ? new PaymentFact.RefundMissing() : Of(ours);
        }
        var told = ours is not null && alive.Contains(ours) ? ours : alive[0];
        var status = alive.Find(refund => refund.Status != "succeeded")?.Status ?? "succeeded";
        return Of(told) with { RefundId = owed, Status = status };
    }

    public static Guid? RefundIdOf(string? metadata) =>
        Guid.TryParse(metadata, out var id) ? id : null;
}

namespace Artesanos.Payments.Charging;

/// <summary>What Stripe said about a payment, by an answer to a call or by a webhook.</summary>
internal abstract record PaymentFact
{
    private PaymentFact() { }

    /// <summary>The intent as it was when Stripe sent it.</summary>
    /// <param name="Answer">The call it answers; null when it came by a webhook.</param>
    public sealed record IntentSeen(IntentSnapshot Intent, StripeCall? Answer) : PaymentFact;

    /// <summary>The confirm was declined.</summary>
    /// <param name="Reason">Stripe's decline code, or error code.</param>
    public sealed record Declined(string Reason) : PaymentFact;

    /// <summary>Stripe will never do what was asked: nothing happened.</summary>
    public sealed record Refused(StripeCall Call, string Code) : PaymentFact;

    /// <summary>
    /// Nobody knows what happened (timeout, 5xx, connection lost), or not now (429).
    /// </summary>
    /// <param name="KeyIsSpent">
    /// Stripe has stored this failure under the key and would only repeat it.
    /// </param>
    public sealed record Unanswered(StripeCall Call, bool KeyIsSpent) : PaymentFact;

    /// <summary>A refund as it was when Stripe sent it.</summary>
    /// <param name="RefundId">
    /// The refund owed that it fulfils: its <c>metadata.refund_id</c>, null when it is not ours.
    /// </param>
    /// <param name="Status">Stripe's status: pending, succeeded, failed, canceled …</param>
    public sealed record RefundSeen(
        string StripeRefundId, Guid? RefundId, string Status, long AmountMinor,
        string? FailureReason) : PaymentFact;

    /// <summary>
    /// Stripe was asked and has no refund on its way or done: the money is still owed.
    /// </summary>
    public sealed record RefundMissing : PaymentFact;

    /// <summary>The whole charge was given back, by whomever.</summary>
    public sealed record ChargeRefunded : PaymentFact;
}

/// <summary>The part of a payment intent that decisions look at.</summary>
/// <param name="Status">Stripe's status, an open enum.</param>
/// <param name="OrderId">Its <c>metadata.order_id</c>.</param>
/// <param name="Currency">Lower case, as Stripe spells it.</param>
/// <param name="DeclineReason">Decline code or code of its last payment error.</param>
internal sealed record IntentSnapshot(
    string Id, string Status, string? OrderId, long AmountReceived, string Currency,
    bool LiveMode, string? DeclineReason, string? CancellationReason);

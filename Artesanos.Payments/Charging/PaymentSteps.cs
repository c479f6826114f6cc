namespace Artesanos.Payments.Charging;

/// <summary>Steps that several decisions share.</summary>
internal static class PaymentSteps
{
    public static Payment Changed(this Payment row, DateTimeOffset now) =>
        row with { Version = row.Version + 1, UpdatedAt = now };

    /// <summary>
    /// The row's call follows at once; the lease covers a crash before its answer.
    /// </summary>
    /// <param name="row">A row that is changed already.</param>
    public static PaymentDecision CallNow(
        this Payment row, PaymentRules rules, DateTimeOffset now,
        params IReadOnlyList<object> messages) =>
        new(row with { NextTryAt = now + rules.CallLease, Tries = 0 }, messages) { CallNow = true };

    /// <summary>The refund is owed from this row on, whatever happens to the call.</summary>
    /// <param name="row">A row that is changed already.</param>
    public static PaymentDecision StartRefund(
        this Payment row, PaymentRules rules, DateTimeOffset now)
    {
        var refunding = row with
        {
            Status = PaymentStatus.Refunding,
            RefundId = Guid.CreateVersion7(now),
        };
        return refunding.CallNow(rules, now) with
        {
            Refunds = [refunding.RefundOf(now, RefundStatus.Pending, null)],
        };
    }

    public static Refund RefundOf(
        this Payment row, DateTimeOffset now, RefundStatus status, string? stripeRefundId) => new()
        {
            Id = row.RefundId!.Value,
            OrderId = row.OrderId,
            AmountMinor = row.AmountMinor,
            Currency = row.Currency,
            Status = status,
            StripeRefundId = stripeRefundId,
            CreatedAt = now,
            UpdatedAt = now,
        };
}

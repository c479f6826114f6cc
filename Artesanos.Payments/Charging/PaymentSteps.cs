namespace Artesanos.Payments.Charging;

/// <summary>Steps that several decisions share.</summary>
internal static class PaymentSteps
{
    /// <summary>From here on an operator hears of every further try.</summary>
    public const int ManyTries = 8;

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

    /// <summary>The row's call is made again, after a delay that grows with its tries.</summary>
    public static PaymentDecision Later(
        this Payment row, PaymentRules rules, DateTimeOffset now)
    {
        var tries = row.Tries + 1;
        var later = row.Changed(now) with
        {
            Tries = tries,
            NextTryAt = now + Delay(row.OrderId, tries, rules.MaxRetryDelay),
        };
        return new PaymentDecision(later)
        {
            Alert = tries > ManyTries ? PaymentAlert.Unanswered : null,
        };
    }

    /// <summary>
    /// 1 s, 2 s, 4 s … up to the cap, each shortened by up to a half by the order id.
    /// </summary>
    private static TimeSpan Delay(Guid orderId, int tries, TimeSpan cap)
    {
        var seconds = Math.Min(Math.Pow(2, Math.Min(tries, 20) - 1), cap.TotalSeconds);
        var spread = ((orderId.GetHashCode() + 31 * tries) & 0xFF) / 255.0;
        return TimeSpan.FromSeconds(seconds * (1 - spread / 2));
    }
}

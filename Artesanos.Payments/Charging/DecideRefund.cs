using static Artesanos.Payments.Charging.DecideCommand;
using static Artesanos.Payments.Charging.PaymentFact;

namespace Artesanos.Payments.Charging;

/// <summary>
/// The part of <see cref="DecideFact"/> about money on its way back: a refund is owed until
/// Stripe says that it was made, and again if it fails after that.
/// </summary>
internal static class DecideRefund
{
    public static PaymentDecision Seen(
        Payment row, RefundSeen seen, PaymentRules rules, DateTimeOffset now)
    {
        if (row.Status is not (PaymentStatus.Refunding or PaymentStatus.RefundPending))
        {
            return AfterTheRefund(row, seen, rules, now);
        }
        if (seen.RefundId != row.RefundId)
        {
            // One that failed before, or somebody else's part of it.
            return new PaymentDecision(row);
        }
        switch (seen.Status)
        {
            case "succeeded":
                return GivenBack(row, now, seen.StripeRefundId);
            case "failed" or "canceled":
                return Again(
                    row, seen.StripeRefundId, seen.FailureReason ?? seen.Status, rules, now);
            default:
                var pending = row with { Status = PaymentStatus.RefundPending };
                return pending.Later(rules, now) with
                {
                    Refunds = [row.RefundOf(now, RefundStatus.Pending, seen.StripeRefundId)],
                };
        }
    }

    /// <summary>
    /// Whether the refund was made is not known, so the next call asks. A new one in its place
    /// could be a second one alive, or leave the first unwatched when it fails days later.
    /// </summary>
    public static PaymentDecision Look(Payment row, PaymentRules rules, DateTimeOffset now) =>
        (row with { Status = PaymentStatus.RefundPending }).Later(rules, now);

    public static PaymentDecision Missing(
        Payment row, PaymentRules rules, DateTimeOffset now) =>
        row.DueCall == StripeCall.FetchRefund
            ? Again(row, null, "not_found", rules, now) : new PaymentDecision(row);

    /// <summary>
    /// A refund can fail days after it succeeded: then the money is owed again. Of one that is
    /// not ours, Stripe tells whether the money went back by another.
    /// </summary>
    private static PaymentDecision AfterTheRefund(
        Payment row, RefundSeen seen, PaymentRules rules, DateTimeOffset now)
    {
        var isOurs = seen.RefundId is not null && seen.RefundId == row.RefundId;
        return (row.Status, seen.Status) switch
        {
            (PaymentStatus.Refunded, "failed" or "canceled") when isOurs => Again(
                row, seen.StripeRefundId, seen.FailureReason ?? seen.Status, rules, now),
            (PaymentStatus.Refunded, "failed" or "canceled") => Look(row, rules, now),
            (PaymentStatus.Refunded, "succeeded") when isOurs => new PaymentDecision(row)
            {
                Refunds = [row.RefundOf(now, RefundStatus.Succeeded, seen.StripeRefundId)],
            },
            (PaymentStatus.Succeeded, "succeeded" or "pending") =>
                new PaymentDecision(row) { Alert = PaymentAlert.ForeignRefund },
            _ => new PaymentDecision(row),
        };
    }

    public static PaymentDecision GivenBack(
        Payment row, DateTimeOffset now, string? stripeRefundId = null)
    {
        if (row.Status is not (PaymentStatus.Succeeded or PaymentStatus.Refunding
            or PaymentStatus.RefundPending))
        {
            return new PaymentDecision(row);
        }
        var refunded = row.Changed(now) with
        {
            Status = PaymentStatus.Refunded,
            // Tries are kept: a refund can fail after all, and then the delay goes on growing.
            NextTryAt = null,
        };
        return new PaymentDecision(refunded, Refunded(refunded))
        {
            Refunds = row.RefundId is null
                ? [] : [row.RefundOf(now, RefundStatus.Succeeded, stripeRefundId)],
            Alert = row.Status == PaymentStatus.Succeeded ? PaymentAlert.ForeignRefund : null,
        };
    }

    /// <summary>
    /// This refund is dead, the money is still owed: the next one, under its own key.
    /// </summary>
    public static PaymentDecision Again(
        Payment row, string? stripeRefundId, string reason, PaymentRules rules,
        DateTimeOffset now)
    {
        var dead = row.RefundOf(now, RefundStatus.Failed, stripeRefundId) with
        {
            FailureReason = reason,
        };
        var next = row with
        {
            Status = PaymentStatus.Refunding,
            RefundId = Guid.CreateVersion7(now),
        };
        return next.Later(rules, now) with
        {
            Refunds = [dead, next.RefundOf(now, RefundStatus.Pending, null)],
            Alert = PaymentAlert.RefundFailed,
        };
    }
}

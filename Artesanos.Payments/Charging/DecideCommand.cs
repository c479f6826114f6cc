using Artesanos.Messaging.Contracts;

namespace Artesanos.Payments.Charging;

/// <summary>
/// (row, command) → (row, messages). A repeated command is answered with the outcome that
/// stands; while none stands, it is not answered.
/// </summary>
internal static class DecideCommand
{
    public static PaymentDecision Process(
        Payment? row, ProcessPayment command, string? trace, PaymentRules rules,
        DateTimeOffset now)
    {
        if (row is not null)
        {
            return new PaymentDecision(row, OutcomeOf(row));
        }
        var payment = new Payment
        {
            OrderId = command.OrderId,
            CustomerId = command.CustomerId,
            AmountMinor = command.AmountMinor,
            Currency = command.Currency.ToUpperInvariant(),
            PaymentMethodId = command.PaymentMethodId,
            PayBy = command.PayBy.ToUniversalTime(),
            Status = PaymentStatus.Creating,
            NextTryAt = now + rules.CallLease,
            TraceParent = trace,
            CreatedAt = now,
            UpdatedAt = now,
        };
        return new PaymentDecision(payment) { CallNow = true };
    }

    public static PaymentDecision Cancel(
        Payment? row, CancelPayment command, string? trace, PaymentRules rules,
        DateTimeOffset now)
    {
        if (row is null)
        {
            // A tombstone: the ProcessPayment that was overtaken must never start.
            var tombstone = new Payment
            {
                OrderId = command.OrderId,
                CustomerId = "",
                AmountMinor = 0,
                Currency = "",
                Status = PaymentStatus.Cancelled,
                CancelWanted = true,
                CancelReason = command.Reason,
                TraceParent = trace,
                CreatedAt = now,
                UpdatedAt = now,
            };
            return new PaymentDecision(tombstone, Cancelled(tombstone));
        }
        var wanted = row.CancelWanted ? row : row.Changed(now) with
        {
            CancelWanted = true,
            CancelReason = command.Reason,
        };
        switch (row.Status)
        {
            case PaymentStatus.Creating:
                // The create in flight is finished first: "no intent" cannot be known before.
                return new PaymentDecision(wanted);
            case PaymentStatus.Open or PaymentStatus.Processing when !row.CancelWanted:
                return wanted.CallNow(rules, now);
            case PaymentStatus.Succeeded:
                return wanted.Changed(now).StartRefund(rules, now);
            case PaymentStatus.Refunded:
                return new PaymentDecision(wanted, Refunded(row));
            case PaymentStatus.Cancelled or PaymentStatus.Failed:
                return new PaymentDecision(wanted, Cancelled(wanted));
            case PaymentStatus.Quarantined:
                return new PaymentDecision(wanted) { Alert = PaymentAlert.CancelInQuarantine };
            default:
                return new PaymentDecision(wanted);
        }
    }

    private static object[] OutcomeOf(Payment row) => row.Status switch
    {
        PaymentStatus.Open or PaymentStatus.Processing when !row.CancelWanted =>
            [new PaymentPending(row.OrderId, row.IntentId!)],
        PaymentStatus.Succeeded => [Succeeded(row)],
        PaymentStatus.Refunded => [Refunded(row)],
        PaymentStatus.Cancelled => [Cancelled(row)],
        PaymentStatus.Failed => [Failed(row)],
        _ => [],
    };

    public static PaymentSucceeded Succeeded(Payment row) =>
        new(row.OrderId, row.IntentId!, row.AmountMinor, row.Currency);

    public static PaymentRefunded Refunded(Payment row) =>
        new(row.OrderId, row.AmountMinor, row.Currency);

    public static PaymentCancelled Cancelled(Payment row) =>
        new(row.OrderId, row.CancelReason ?? "cancelled");

    public static PaymentFailed Failed(Payment row) =>
        new(row.OrderId, row.FailureReason ?? "declined");
}

using Artesanos.Messaging.Contracts;
using Artesanos.Payments.Charging;
using static Artesanos.Payments.Charging.PaymentStatus;

namespace Artesanos.Tests.Proof.Exploration;

/// <summary>The real decisions of Payments with one rule taken away.</summary>
internal static class PaymentsMutations
{
    public static readonly Dictionary<string, Func<Decisions, Decisions>> All = new()
    {
        ["A cancel before its payment leaves no tombstone"] = Change((row, message, outcome) =>
            row is null && message is CancelPayment ? outcome with { Next = null } : outcome),
        ["A cancel before its payment is dropped"] = Change((row, message, outcome) =>
            row is null && message is CancelPayment ? new Outcome<Payment>(null, []) : outcome),
        ["A cancel while the intent is created finds nothing to cancel"] =
            Change((row, message, outcome) => row?.Status == Creating && message is CancelPayment
                ? Ended(row) : outcome),
        ["A cancel while the intent is created is forgotten"] =
            Change((row, message, outcome) => row?.Status == Creating && message is CancelPayment
                ? new Outcome<Payment>(row, []) : outcome),
        ["A cancel is answered before Stripe has cancelled"] =
            Change((row, message, outcome) => row?.Status == Open && message is CancelPayment
                ? Ended(row) : outcome),
        ["A repeated cancel is not answered"] = Change((row, message, outcome) =>
            row?.Status is PaymentStatus.Cancelled or Failed or Refunded
                && message is CancelPayment
                ? outcome with { Sends = [] } : outcome),
        ["A decline is published before the intent is cancelled"] =
            Change((row, message, outcome) => row?.Status == Open
                && outcome.Next?.Status == Declined
                ? outcome with { Sends = [DecideCommand.Failed(outcome.Next)] } : outcome),
        ["A success after a cancel is kept"] = Change((row, message, outcome) =>
            row is { CancelWanted: true } && outcome.Next?.Status == Refunding
                && row.Status is Open or Processing
                ? new Outcome<Payment>(
                    outcome.Next with { Status = Succeeded, NextTryAt = null },
                    [new PaymentSucceeded(row.OrderId, row.IntentId!, row.AmountMinor, "EUR")])
                : outcome),
        ["A refund is reported while the bank has not answered"] =
            Change((row, message, outcome) => outcome.Next?.Status == RefundPending
                && row?.Status == Refunding
                ? new Outcome<Payment>(
                    outcome.Next with { Status = Refunded, NextTryAt = null },
                    [DecideCommand.Refunded(row)])
                : outcome),
        ["A refund that failed is not tried again"] = Change((row, message, outcome) =>
            message is PaymentFact.RefundSeen { Status: "failed" }
                && row?.Status is Refunding or RefundPending
                ? new Outcome<Payment>(row with { NextTryAt = null }, []) : outcome),
        ["What Stripe is processing counts as cancelled"] = Change((row, message, outcome) =>
            row is { CancelWanted: true } && message is PaymentFact.IntentSeen
            {
                Intent.Status: "processing",
                Answer: StripeCall.CancelIntent,
            } && row.Status is Open or Processing
                ? Ended(row) : outcome),
        ["A payment that was cancelled starts after all"] = real => real with
        {
            Payments = (row, message, now) => real.Payments(
                message is ProcessPayment
                    && row is { IntentId: null, Status: PaymentStatus.Cancelled } ? null : row,
                message, now),
        },
        ["A call without an answer is not made again"] = Change((row, message, outcome) =>
            message is PaymentFact.Unanswered
                ? new Outcome<Payment>(row! with { NextTryAt = null }, []) : outcome),
    };

    private static Outcome<Payment> Ended(Payment row)
    {
        var ended = row with
        {
            Status = PaymentStatus.Cancelled,
            CancelWanted = true,
            NextTryAt = null,
        };
        return new Outcome<Payment>(ended, [DecideCommand.Cancelled(ended)]);
    }

    private static Func<Decisions, Decisions> Change(
        Func<Payment?, object, Outcome<Payment>, Outcome<Payment>> change) => real => real with
        {
            Payments = (row, message, now) =>
                change(row, message, real.Payments(row, message, now)),
        };
}

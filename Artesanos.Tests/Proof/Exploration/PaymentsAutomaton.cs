using Artesanos.Payments.Charging;

namespace Artesanos.Tests.Proof.Exploration;

/// <summary>What Payments can hear of Stripe: answers to its calls, then webhooks.</summary>
internal enum Fact
{
    Created, CreateRefused,
    ConfirmSucceeded, ConfirmProcessing, ConfirmNeedsAction, ConfirmCanceled,
    ConfirmDeclined, ConfirmDeclinedForNow,
    CancelDone, CancelTooLate, CancelWhileProcessing,
    FetchedOpen, FetchedSucceeded, FetchedProcessing, FetchedCanceled,
    RefundDone, RefundPending, RefundFailed, RefundDoneBefore, RefundMissing,
    HookSucceeded, HookDeclined, HookCanceled, HookProcessing, HookRefunded, HookRefundFailed,
}

/// <summary>
/// The payment. Inputs: the facts, then the commands and the two ways in which a call is left
/// without an answer.
/// </summary>
internal static class PaymentsAutomaton
{
    public const int Facts = 26;
    public const int Process = 26;
    public const int Cancel = 27;
    public const int Unanswered = 28;
    public const int UnansweredForGood = 29;
    public const int Inputs = 30;

    public static bool IsWebhook(Fact fact) => fact >= Fact.HookSucceeded;

    public static Automaton<Payment> Of(Decisions decisions, string? paymentMethod) => new(
        null, Inputs,
        (row, input) => Message(row, input, paymentMethod) is { } message
            ? decisions.Payments(row, message, TheOrder.Now) : null,
        Reduce, Key, message => TheOrder.Of(message, paymentMethod));

    public static object? Message(Payment? row, int input, string? paymentMethod) => input switch
    {
        Process => TheOrder.Message(Mail.Process, paymentMethod),
        Cancel => TheOrder.Message(Mail.Cancel, paymentMethod),
        _ when row is null => null,
        Unanswered or UnansweredForGood => row.DueCall is { } call
            ? new PaymentFact.Unanswered(call, KeyIsSpent: input == UnansweredForGood) : null,
        // An event of an intent that no row knows waits until one does.
        _ when IsWebhook((Fact)input) && row.IntentId is null => null,
        _ => Of((Fact)input),
    };

    private static PaymentFact Of(Fact fact) => fact switch
    {
        Fact.Created => Seen("requires_payment_method", StripeCall.CreateIntent),
        Fact.CreateRefused => new PaymentFact.Refused(StripeCall.CreateIntent, "amount_too_small"),
        Fact.ConfirmSucceeded => Seen("succeeded", StripeCall.ConfirmIntent),
        Fact.ConfirmProcessing => Seen("processing", StripeCall.ConfirmIntent),
        Fact.ConfirmNeedsAction => Seen("requires_action", StripeCall.ConfirmIntent),
        Fact.ConfirmCanceled => Seen("canceled", StripeCall.ConfirmIntent),
        Fact.ConfirmDeclined => new PaymentFact.Declined("card_declined"),
        Fact.ConfirmDeclinedForNow => new PaymentFact.Declined("lock_timeout"),
        Fact.CancelDone => Seen("canceled", StripeCall.CancelIntent),
        Fact.CancelTooLate => Seen("succeeded", StripeCall.CancelIntent),
        Fact.CancelWhileProcessing => Seen("processing", StripeCall.CancelIntent),
        Fact.FetchedOpen => Seen("requires_payment_method", StripeCall.FetchIntent),
        Fact.FetchedSucceeded => Seen("succeeded", StripeCall.FetchIntent),
        Fact.FetchedProcessing => Seen("processing", StripeCall.FetchIntent),
        Fact.FetchedCanceled => Seen("canceled", StripeCall.FetchIntent),
        Fact.RefundDoneBefore => new PaymentFact.Refused(
            StripeCall.CreateRefund, "charge_already_refunded"),
        Fact.RefundMissing => new PaymentFact.RefundMissing(),
        Fact.RefundDone or Fact.HookRefunded => Refund("succeeded"),
        Fact.RefundPending => Refund("pending"),
        Fact.RefundFailed or Fact.HookRefundFailed => Refund("failed"),
        Fact.HookSucceeded => Seen("succeeded", null),
        Fact.HookDeclined => Seen("requires_payment_method", null),
        Fact.HookCanceled => Seen("canceled", null),
        Fact.HookProcessing => Seen("processing", null),
        _ => throw new ArgumentOutOfRangeException(nameof(fact), fact, null),
    };

    private static PaymentFact.IntentSeen Seen(string status, StripeCall? answer) => new(
        new IntentSnapshot(
            TheOrder.IntentId, status, TheOrder.Id.ToString(),
            status == "succeeded" ? 2250 : 0, "eur", LiveMode: false,
            status == "requires_payment_method" && answer != StripeCall.CreateIntent
                ? "card_declined" : null, null),
        answer);

    private static PaymentFact.RefundSeen Refund(string status) => new(
        "re_1", TheOrder.RefundId, status, 2250, status == "failed" ? "declined" : null);

    /// <summary>One transient decline is enough to see the next one being final.</summary>
    private static Payment Reduce(Payment row) => row with
    {
        Attempt = 1,
        Version = 1,
        Tries = row is { Status: PaymentStatus.Open or PaymentStatus.Processing }
            && row.PaymentMethodId is not null ? Math.Min(row.Tries, 1) : 0,
        NextTryAt = row.NextTryAt is null ? null : TheOrder.Now,
        RefundId = row.RefundId is null ? null : TheOrder.RefundId,
        CancelReason = row.CancelReason is null ? null : Orders.Saga.Reasons.PaymentTimeout,
        FailureReason = null,
    };

    private static string Key(Payment row) =>
        row.Status + (row.CancelWanted ? ", cancel wanted" : "")
        + (row.DueCall is { } call ? $", {call} due" : "")
        + (row.IntentId is null ? ", no intent" : "")
        + (row.AmountMinor == 0 ? ", tombstone" : "")
        + (row.RefundId is null ? "" : ", refund") + (row.Tries > 0 ? ", tried" : "");
}

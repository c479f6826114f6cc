using Artesanos.Messaging.Contracts;
using static Artesanos.Payments.Charging.DecideCommand;
using static Artesanos.Payments.Charging.PaymentFact;

namespace Artesanos.Payments.Charging;

/// <summary>
/// (row, what Stripe said) → (row, messages, next call). Answers and webhooks come twice, late
/// and out of order: a row only moves forward, and what adds nothing changes nothing.
/// </summary>
internal static class DecideFact
{
    public static PaymentDecision Decide(
        Payment row, PaymentFact fact, PaymentRules rules, DateTimeOffset now) => fact switch
        {
            IntentSeen seen => Intent(row, seen, rules, now),
            Declined declined => Decline(row, declined.Reason, rules, now),
            Refused refused => Refuse(row, refused, rules, now),
            Unanswered unanswered => TryAgain(row, unanswered, rules, now),
            RefundSeen refund => DecideRefund.Seen(row, refund, rules, now),
            RefundMissing => DecideRefund.Missing(row, rules, now),
            // While our own refund is under way, its own events say more.
            ChargeRefunded => row.Status == PaymentStatus.Succeeded
                ? DecideRefund.GivenBack(row, now) : new PaymentDecision(row),
            _ => throw new ArgumentOutOfRangeException(nameof(fact), fact, "Unknown fact."),
        };

    private static PaymentDecision Intent(
        Payment row, IntentSeen seen, PaymentRules rules, DateTimeOffset now)
    {
        if (row.Status == PaymentStatus.Creating || seen.Answer == StripeCall.CreateIntent)
        {
            // Anything else before the intent is stored, or the same create again, is no news.
            return row.Status == PaymentStatus.Creating && seen.Answer == StripeCall.CreateIntent
                ? Opened(row, seen.Intent.Id, rules, now)
                : new PaymentDecision(row);
        }
        if (row.Status is not (PaymentStatus.Open or PaymentStatus.Processing
            or PaymentStatus.Declined))
        {
            return Settled(row, seen.Intent, rules, now);
        }
        return seen.Intent.Status switch
        {
            "succeeded" => Paid(row, seen.Intent, rules, now),
            "canceled" => Undone(row, seen.Intent.CancellationReason, now),
            "processing" => Processing(row, seen.Answer, rules, now),
            _ => Payable(row, seen, rules, now),
        };
    }

    private static PaymentDecision Opened(
        Payment row, string intentId, PaymentRules rules, DateTimeOffset now)
    {
        var open = row.Changed(now) with
        {
            Status = PaymentStatus.Open,
            IntentId = intentId,
            Tries = 0,
            NextTryAt = null,
        };
        if (open.CancelWanted)
        {
            return open.CallNow(rules, now);
        }
        var pending = new PaymentPending(open.OrderId, intentId);
        return open.PaymentMethodId is null
            ? new PaymentDecision(open, pending)
            : open.CallNow(rules, now, pending);
    }

    private static PaymentDecision Paid(
        Payment row, IntentSnapshot intent, PaymentRules rules, DateTimeOffset now)
    {
        var paid = row.Changed(now) with
        {
            Status = PaymentStatus.Succeeded,
            FailureReason = null,
            Tries = 0,
            NextTryAt = null,
        };
        if (Mismatch(row, intent, rules) is { } mismatch)
        {
            var quarantined = paid with
            {
                Status = PaymentStatus.Quarantined,
                FailureReason = mismatch,
            };
            return new PaymentDecision(quarantined) { Alert = PaymentAlert.Mismatch };
        }
        // Whoever asked for the cancel waits for PaymentRefunded, not for a success.
        return row.CancelWanted
            ? paid.StartRefund(rules, now)
            : new PaymentDecision(paid, Succeeded(paid));
    }

    /// <returns>Which of the figures is not the payment's, or null.</returns>
    private static string? Mismatch(Payment row, IntentSnapshot intent, PaymentRules rules)
    {
        if (intent.Id != row.IntentId)
        {
            return "intent_mismatch";
        }
        if (!Guid.TryParse(intent.OrderId, out var orderId) || orderId != row.OrderId)
        {
            return "order_mismatch";
        }
        if (intent.AmountReceived != row.AmountMinor)
        {
            return "amount_mismatch";
        }
        if (!string.Equals(intent.Currency, row.Currency, StringComparison.OrdinalIgnoreCase))
        {
            return "currency_mismatch";
        }
        return intent.LiveMode != rules.LiveMode ? "livemode_mismatch" : null;
    }

    /// <summary>The intent is cancelled, so it can be said now what came of the payment.</summary>
    private static PaymentDecision Undone(Payment row, string? reason, DateTimeOffset now)
    {
        var failed = row.Status == PaymentStatus.Declined && !row.CancelWanted;
        var undone = row.Changed(now) with
        {
            Status = failed ? PaymentStatus.Failed : PaymentStatus.Cancelled,
            CancelReason = failed ? null : row.CancelReason ?? reason ?? "cancelled_outside",
            Tries = 0,
            NextTryAt = null,
        };
        return new PaymentDecision(undone, failed ? Failed(undone) : Cancelled(undone));
    }

    /// <summary>Can neither be cancelled nor counted on: Stripe is asked again later.</summary>
    private static PaymentDecision Processing(
        Payment row, StripeCall? answer, PaymentRules rules, DateTimeOffset now)
    {
        if (row.DueCall == StripeCall.CancelIntent)
        {
            return WaitForCancel(row, answer, rules, now);
        }
        return answer is null && row.Status == PaymentStatus.Processing
            ? new PaymentDecision(row)
            : (row with { Status = PaymentStatus.Processing }).Later(rules, now);
    }

    /// <summary>
    /// Only the answer to the cancel itself says that it has to be tried again; whoever stored
    /// the wish makes the call. Under another key: Stripe has stored this answer under the first
    /// one and would repeat it for a day, whatever became of the intent.
    /// </summary>
    private static PaymentDecision WaitForCancel(
        Payment row, StripeCall? answer, PaymentRules rules, DateTimeOffset now) =>
        answer == StripeCall.CancelIntent
            ? (row with { Attempt = row.Attempt + 1 }).Later(rules, now)
            : new PaymentDecision(row);

    /// <summary>The intent waits for a card, for a confirmation or for the shopper.</summary>
    private static PaymentDecision Payable(
        Payment row, IntentSeen seen, PaymentRules rules, DateTimeOffset now)
    {
        if (row.DueCall == StripeCall.CancelIntent)
        {
            return WaitForCancel(row, seen.Answer, rules, now);
        }
        if (row.PaymentMethodId is not null && seen.Intent.DeclineReason is { } reason
            && seen.Intent.Status == "requires_payment_method")
        {
            // A transient decline is counted where its call is answered, not by the webhook too.
            return seen.Answer is null && IsTransient(reason)
                ? new PaymentDecision(row) : Decline(row, reason, rules, now);
        }
        if (row.NextTryAt is not null && (seen.Answer == StripeCall.ConfirmIntent
            || seen.Answer == StripeCall.FetchIntent && row.Status == PaymentStatus.Processing))
        {
            return new PaymentDecision(row.Changed(now) with
            {
                Status = PaymentStatus.Open,
                Tries = 0,
                NextTryAt = null,
            });
        }
        return new PaymentDecision(row);
    }

    private static PaymentDecision Decline(
        Payment row, string reason, PaymentRules rules, DateTimeOffset now)
    {
        if (row.Status is not (PaymentStatus.Open or PaymentStatus.Processing))
        {
            return new PaymentDecision(row);
        }
        if (row.CancelWanted)
        {
            return (row.Changed(now) with { FailureReason = reason }).CallNow(rules, now);
        }
        if (IsTransient(reason) && row.Tries < rules.MaxTransientDeclines)
        {
            // A definite failure: the same key would only repeat it.
            return (row with
            {
                Status = PaymentStatus.Open,
                Attempt = row.Attempt + 1,
            }).Later(rules, now);
        }
        var declined = row.Changed(now) with
        {
            Status = PaymentStatus.Declined,
            FailureReason = reason,
            Tries = 0,
        };
        return declined.CallNow(rules, now);
    }

    private static bool IsTransient(string reason) =>
        reason is "lock_timeout" or "processing_error";

    private static PaymentDecision Refuse(
        Payment row, Refused refused, PaymentRules rules, DateTimeOffset now)
    {
        if (row.DueCall != refused.Call)
        {
            return new PaymentDecision(row);
        }
        switch (refused.Call)
        {
            case StripeCall.CreateIntent:
                // Nothing was created, so nothing is left to cancel.
                var ended = row.Changed(now) with
                {
                    Status = row.CancelWanted ? PaymentStatus.Cancelled : PaymentStatus.Failed,
                    FailureReason = refused.Code,
                    Tries = 0,
                    NextTryAt = null,
                };
                return new PaymentDecision(
                    ended, row.CancelWanted ? Cancelled(ended) : Failed(ended));
            case StripeCall.ConfirmIntent:
                return Decline(row, refused.Code, rules with { MaxTransientDeclines = 0 }, now);
            case StripeCall.CreateRefund when refused.Code == "charge_already_refunded":
                return DecideRefund.Look(row, rules, now);
            case StripeCall.CreateRefund:
                return DecideRefund.Again(row, null, refused.Code, rules, now);
            default:
                return (row with { Attempt = row.Attempt + 1 }).Later(rules, now) with
                {
                    Alert = PaymentAlert.Refused,
                };
        }
    }

    /// <summary>
    /// The same key and body again, later. A spent key is replaced: Stripe's state machine charges
    /// an intent once whatever the key, and an intent that nobody confirms is harmless. For a
    /// refund, Stripe is asked first whether it was made.
    /// </summary>
    private static PaymentDecision TryAgain(
        Payment row, Unanswered unanswered, PaymentRules rules, DateTimeOffset now)
    {
        if (row.DueCall != unanswered.Call)
        {
            return new PaymentDecision(row);
        }
        if (!unanswered.KeyIsSpent)
        {
            return row.Later(rules, now);
        }
        return unanswered.Call == StripeCall.CreateRefund
            ? DecideRefund.Look(row, rules, now)
            : (row with { Attempt = row.Attempt + 1 }).Later(rules, now);
    }

    /// <summary>Terminal rows stand, but money that moved after all is never overlooked.</summary>
    private static PaymentDecision Settled(
        Payment row, IntentSnapshot intent, PaymentRules rules, DateTimeOffset now)
    {
        if (row.Status is not (PaymentStatus.Cancelled or PaymentStatus.Failed)
            || intent.Status != "succeeded")
        {
            return new PaymentDecision(row);
        }
        var late = Paid(row, intent, rules, now);
        return late with { Alert = late.Alert ?? PaymentAlert.LateSuccess };
    }
}

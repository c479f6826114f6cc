using Artesanos.Payments.Charging;

namespace Artesanos.Tests.Proof.Simulation;

internal sealed class Intent(string id, Payment payment)
{
    public string Id { get; } = id;
    public Guid OrderId { get; } = payment.OrderId;
    public long Amount { get; } = payment.AmountMinor;
    public string Status { get; set; } = "requires_payment_method";
    public string? DeclineReason { get; set; }
    public int Charges { get; set; }
    public long Refunded { get; set; }
    public List<PaymentFact.RefundSeen> Refunds { get; } = [];

    public bool IsPayable => Status is "requires_payment_method" or "requires_action";

    public IntentSnapshot Snapshot() => new(
        Id, Status, OrderId.ToString(), Status == "succeeded" ? Amount : 0, "eur",
        LiveMode: false, DeclineReason, null);
}

internal sealed record Webhook(string Id, string IntentId, PaymentFact Fact);

/// <summary>
/// Stripe: one state machine per intent, idempotency keys that repeat the first answer (a state
/// that was wrong and a 500 too), events that come late, twice or never.
/// </summary>
internal sealed class StripeStandIn(Agenda agenda, Faults faults, Dice dice)
{
    private static readonly string[] Declines = ["card_declined", "insufficient_funds"];

    private readonly Dictionary<string, PaymentFact> _answers = [];
    private int _ids;

    public Dictionary<string, Intent> Intents { get; } = [];

    /// <returns>False when no process took the webhook: it is sent again.</returns>
    public required Func<Webhook, bool> Receiver { get; init; }

    /// <summary>Executes a call, or repeats what its key was answered the first time.</summary>
    public PaymentFact Call(StripeCall call, Payment payment)
    {
        if (KeyOf(call, payment) is not { } key)
        {
            return Execute(call, payment);
        }
        if (_answers.TryGetValue(key, out var first))
        {
            return first is PaymentFact.Unanswered unanswered
                ? unanswered with { KeyIsSpent = true } : first;
        }
        if (!faults.ServerError())
        {
            return _answers[key] = Execute(call, payment);
        }
        // A 500 says nothing of what was done before it.
        if (dice.Chance(0.5))
        {
            Execute(call, payment);
        }
        return _answers[key] = new PaymentFact.Unanswered(call, KeyIsSpent: false);
    }

    private static string? KeyOf(StripeCall call, Payment payment) => call switch
    {
        StripeCall.CreateIntent => $"{payment.OrderId}:{payment.Attempt}:create",
        StripeCall.ConfirmIntent => $"{payment.OrderId}:{payment.Attempt}:confirm",
        StripeCall.CancelIntent => $"{payment.OrderId}:{payment.Attempt}:cancel",
        StripeCall.CreateRefund => $"refund:{payment.RefundId}",
        _ => null,
    };

    private PaymentFact Execute(StripeCall call, Payment payment) => call switch
    {
        StripeCall.CreateIntent => Create(payment),
        StripeCall.ConfirmIntent => Confirm(Intents[payment.IntentId!]),
        StripeCall.CancelIntent => Cancel(Intents[payment.IntentId!]),
        StripeCall.FetchIntent => Seen(Intents[payment.IntentId!], call),
        StripeCall.CreateRefund => Refund(Intents[payment.IntentId!], payment),
        _ => Find(Intents[payment.IntentId!], payment.RefundId) is { } refund
            ? refund : new PaymentFact.RefundMissing(),
    };

    /// <summary>As StripeSnapshots.Standing does; here every refund is of the whole.</summary>
    private static PaymentFact.RefundSeen? Find(Intent intent, Guid? owed)
    {
        var newest = intent.Refunds.GroupBy(refund => refund.StripeRefundId)
            .Select(versions => versions.Last()).ToList();
        var told = newest.Find(refund => refund.Status is "succeeded" or "pending")
            ?? newest.Find(refund => refund.RefundId == owed);
        return told is null ? null : told with { RefundId = owed };
    }

    private PaymentFact Create(Payment payment)
    {
        if (payment.AmountMinor % 97 == 0)
        {
            return new PaymentFact.Refused(StripeCall.CreateIntent, "amount_too_large");
        }
        var intent = new Intent($"pi_{++_ids}", payment);
        Intents.Add(intent.Id, intent);
        return Seen(intent, StripeCall.CreateIntent);
    }

    private PaymentFact Confirm(Intent intent)
    {
        if (!intent.IsPayable || intent.Status == "requires_action")
        {
            return Seen(intent, StripeCall.ConfirmIntent);
        }
        switch (dice.Between(0, 10))
        {
            case 0:
                Decline(intent, dice.OneOf(Declines));
                return new PaymentFact.Declined(intent.DeclineReason!);
            case 1:
                Decline(intent, "lock_timeout");
                return new PaymentFact.Declined("lock_timeout");
            case 2:
                Process(intent);
                break;
            case 3:
                intent.Status = "requires_action";
                break;
            default:
                Pay(intent);
                break;
        }
        return Seen(intent, StripeCall.ConfirmIntent);
    }

    private PaymentFact.IntentSeen Cancel(Intent intent)
    {
        if (intent.IsPayable)
        {
            intent.Status = "canceled";
            Emit(intent, Seen(intent, null));
        }
        return Seen(intent, StripeCall.CancelIntent);
    }

    private PaymentFact Refund(Intent intent, Payment payment)
    {
        var underWay = intent.Refunds.GroupBy(refund => refund.StripeRefundId)
            .Any(versions => versions.Last().Status is "pending" or "succeeded");
        if (intent.Status != "succeeded" || underWay)
        {
            return new PaymentFact.Refused(StripeCall.CreateRefund, "charge_already_refunded");
        }
        var refund = new PaymentFact.RefundSeen(
            $"re_{++_ids}", payment.RefundId, "pending", payment.AmountMinor, null);
        switch (dice.Between(0, 6))
        {
            case 0:
                return Became(
                    intent, refund with { Status = "failed", FailureReason = "declined" });
            case 1:
                agenda.After(dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)), () =>
                    Became(intent, faults.Active && dice.Chance(0.3)
                        ? refund with { Status = "failed", FailureReason = "declined" }
                        : refund with { Status = "succeeded" }));
                return Became(intent, refund);
            default:
                return Became(intent, refund with { Status = "succeeded" });
        }
    }

    private PaymentFact.RefundSeen Became(Intent intent, PaymentFact.RefundSeen refund)
    {
        intent.Refunds.Add(refund);
        intent.Refunded += refund.Status == "succeeded" ? refund.AmountMinor : 0;
        Emit(intent, refund);
        return refund;
    }

    /// <summary>The shopper in the browser: pays, is declined, or waits for the bank.</summary>
    public void ShopperConfirms(string? intentId)
    {
        if (intentId is null || !Intents.TryGetValue(intentId, out var intent)
            || !intent.IsPayable)
        {
            return;
        }
        switch (dice.Between(0, 10))
        {
            case < 2:
                Decline(intent, dice.OneOf(Declines));
                break;
            case 2:
                Process(intent);
                break;
            default:
                Pay(intent);
                break;
        }
    }

    /// <summary>Someone cancels in the dashboard.</summary>
    public void CancelOutside(string? intentId)
    {
        if (intentId is not null && Intents.TryGetValue(intentId, out var intent))
        {
            Cancel(intent);
        }
    }

    private void Pay(Intent intent)
    {
        (intent.Status, intent.DeclineReason) = ("succeeded", null);
        intent.Charges++;
        Emit(intent, Seen(intent, null));
    }

    private void Decline(Intent intent, string reason)
    {
        (intent.Status, intent.DeclineReason) = ("requires_payment_method", reason);
        Emit(intent, Seen(intent, null));
    }

    private void Process(Intent intent)
    {
        intent.Status = "processing";
        Emit(intent, Seen(intent, null));
        agenda.After(dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(20)), () =>
        {
            if (dice.Chance(0.6))
            {
                Pay(intent);
            }
            else
            {
                Decline(intent, dice.OneOf(Declines));
            }
        });
    }

    private static PaymentFact.IntentSeen Seen(Intent intent, StripeCall? answer) =>
        new(intent.Snapshot(), answer);

    private void Emit(Intent intent, PaymentFact fact)
    {
        if (faults.LosesWebhook())
        {
            return;
        }
        var webhook = new Webhook($"evt_{++_ids}", intent.Id, fact);
        Send(webhook);
        if (faults.Duplicates())
        {
            Send(webhook);
        }
    }

    private void Send(Webhook webhook) => agenda.After(faults.Latency(), () =>
    {
        if (!Receiver(webhook))
        {
            Send(webhook);
        }
    });
}

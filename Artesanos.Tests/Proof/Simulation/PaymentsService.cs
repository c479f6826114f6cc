using Artesanos.Payments.Charging;

namespace Artesanos.Tests.Proof.Simulation;

/// <summary>One order in work at Stripe; a newer row replaces the one that waits.</summary>
internal sealed class CallJob
{
    public Payment? Next { get; set; }
    public int Version { get; set; }
}

/// <summary>
/// Payments: rows, calls and stored events around the real decisions. Calls are made from memory
/// after the commit; a row whose call is overdue is found by the sweeper, in whatever process.
/// </summary>
internal sealed class PaymentsService(
    Agenda agenda, Faults faults, Dice dice, Broker broker, Decisions decisions)
    : Service(agenda, faults, dice, broker)
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, Guid> _byIntent = [];
    private readonly Dictionary<string, bool> _events = [];

    public Dictionary<Guid, Payment> Rows { get; } = [];

    public required StripeStandIn Stripe { get; set; }

    protected override IReadOnlyList<object> Handle(Replica replica, Envelope envelope)
    {
        var outcome = Decide(envelope.OrderId, envelope.Body);
        if (outcome.CallNow)
        {
            HandOver(replica, outcome.Next!);
        }
        return outcome.Sends;
    }

    /// <returns>False when the process died and Stripe has to send it again.</returns>
    public bool Receive(Webhook webhook)
    {
        if (Alive() is not { } replica || DiesHere(replica))
        {
            return false;
        }
        if (_events.TryAdd(webhook.Id, false))
        {
            // The lease of who stored it; a crash leaves the event to the sweeper.
            WhenDue(Agenda.Now + Decisions.PaymentRules.CallLease, isDeadline: false,
                () => !_events[webhook.Id], other => Process(other, webhook, 0));
            if (DiesHere(replica))
            {
                return false;
            }
            Process(replica, webhook, 0);
        }
        return !DiesHere(replica);
    }

    private void Process(Replica replica, Webhook webhook, int tries)
    {
        if (_events[webhook.Id])
        {
            return;
        }
        if (!_byIntent.TryGetValue(webhook.IntentId, out var orderId))
        {
            // Kept until its intent is known. In the end an intent nobody knows is nobody's.
            if (Faults.Active || tries < 12)
            {
                WhenDue(Agenda.Now + TimeSpan.FromSeconds(Math.Pow(2, tries)), isDeadline: false,
                    () => !_events[webhook.Id], other => Process(other, webhook, tries + 1));
            }
            return;
        }
        _events[webhook.Id] = true;
        var outcome = Decide(orderId, webhook.Fact);
        if (Commit(replica, orderId, outcome.Sends) && outcome.CallNow)
        {
            HandOver(replica, outcome.Next!);
        }
    }

    private Outcome<Payment> Decide(Guid orderId, object message)
    {
        var before = Rows.GetValueOrDefault(orderId);
        var outcome = decisions.Payments(before, message, Agenda.Now);
        if (outcome.Next is { } next && next.Version != before?.Version)
        {
            Store(next);
        }
        Journal?.Note(orderId, $"Payments: {message} in {before?.Status} => "
            + $"{outcome.Next?.Status}, due {outcome.Next?.DueCall}, sends "
            + OrdersService.Names(outcome.Sends));
        return outcome;
    }

    private void Store(Payment row)
    {
        Rows[row.OrderId] = row;
        if (row.IntentId is { } intent)
        {
            _byIntent[intent] = row.OrderId;
        }
        if (row.NextTryAt is { } due)
        {
            WhenDue(due, isDeadline: false, () => Rows[row.OrderId].NextTryAt == due, replica =>
            {
                var claimed = Rows[row.OrderId] with
                {
                    NextTryAt = Agenda.Now + Decisions.PaymentRules.CallLease,
                };
                Store(claimed);
                HandOver(replica, claimed);
            });
        }
    }

    /// <summary>As the worker does: one call per order and process, the newest row next.</summary>
    private void HandOver(Replica replica, Payment row)
    {
        if (replica.Jobs.TryGetValue(row.OrderId, out var job))
        {
            if (row.Version > job.Version)
            {
                (job.Next, job.Version) = (row, row.Version);
            }
            return;
        }
        job = new CallJob { Next = row, Version = row.Version };
        replica.Jobs.Add(row.OrderId, job);
        var life = replica.Life;
        Agenda.After(TimeSpan.FromMilliseconds(1), () => Run(replica, life, job));
    }

    private void Run(Replica replica, int life, CallJob job)
    {
        if (replica.Life != life)
        {
            return;
        }
        var row = job.Next!;
        job.Next = null;
        if (row.DueCall is not { } call)
        {
            Continue(replica, life, job, row.OrderId);
            return;
        }
        var way = Dice.Between(TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(
            Faults.Active ? 9 : 1));
        if (Faults.LosesAnswer() && Dice.Chance(0.5))
        {
            Agenda.After(CallTimeout, () => Answered(
                replica, life, job, row, new PaymentFact.Unanswered(call, KeyIsSpent: false)));
            return;
        }
        Agenda.After(way, () =>
        {
            // Stripe executes what has been sent, even if the process that sent it is dead.
            var fact = Stripe.Call(call, row);
            Journal?.Note(row.OrderId, $"Stripe: {call} {row.Attempt} => {fact}");
            var lost = Faults.LosesAnswer();
            Agenda.After(lost ? CallTimeout - way : way, () => Answered(
                replica, life, job, row,
                lost ? new PaymentFact.Unanswered(call, KeyIsSpent: false) : fact));
        });
    }

    private void Answered(
        Replica replica, int life, CallJob job, Payment row, PaymentFact fact)
    {
        if (replica.Life != life || DiesHere(replica))
        {
            return;
        }
        var outcome = Decide(row.OrderId, fact);
        if (!Commit(replica, row.OrderId, outcome.Sends))
        {
            return;
        }
        if (outcome.CallNow && outcome.Next!.Version > job.Version)
        {
            (job.Next, job.Version) = (outcome.Next, outcome.Next.Version);
        }
        Continue(replica, life, job, row.OrderId);
    }

    private void Continue(Replica replica, int life, CallJob job, Guid orderId)
    {
        if (job.Next is null)
        {
            replica.Jobs.Remove(orderId);
        }
        else
        {
            Run(replica, life, job);
        }
    }
}

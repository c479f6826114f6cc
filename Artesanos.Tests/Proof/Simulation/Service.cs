namespace Artesanos.Tests.Proof.Simulation;

/// <summary>One process of a service. What it has in memory dies with its life.</summary>
internal sealed class Replica
{
    public bool IsAlive { get; set; } = true;
    public int Life { get; set; }

    /// <summary>Calls to Stripe that this process has in hand, by order.</summary>
    public Dictionary<Guid, CallJob> Jobs { get; } = [];
}

internal sealed class OutboxRow(Envelope envelope)
{
    public Envelope Envelope { get; } = envelope;
    public bool IsPublished { get; set; }
}

/// <summary>
/// What the three services have in common: two processes, an inbox and an outbox in the same
/// transaction as their rows, publishing from memory after the commit, a sweeper for what a crash
/// left. A crash is possible before the commit, between it and the publishing, between publishing
/// and marking, and before the acknowledgement.
/// </summary>
internal abstract class Service(Agenda agenda, Faults faults, Dice dice, Broker broker)
{
    protected static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OutboxAge = TimeSpan.FromSeconds(5);

    private readonly Replica[] _replicas = [new(), new()];

    public List<OutboxRow> Outbox { get; } = [];
    public HashSet<Guid> Inbox { get; } = [];

    /// <summary>Messages that must never have come.</summary>
    public Dictionary<Guid, string> DeadLetters { get; } = [];

    public Journal? Journal { get; set; }

    protected Agenda Agenda => agenda;
    protected Faults Faults => faults;
    protected Dice Dice => dice;
    protected Broker Broker => broker;

    /// <summary>Decides and changes the rows; everything it does is one transaction.</summary>
    protected abstract IReadOnlyList<object> Handle(Replica replica, Envelope envelope);

    /// <returns>True when the message is acknowledged.</returns>
    public bool Receive(Envelope envelope)
    {
        if (Alive() is not { } replica || DiesHere(replica))
        {
            return false;
        }
        if (Inbox.Add(envelope.Id))
        {
            var sends = Handle(replica, envelope);
            if (!Commit(replica, envelope.OrderId, sends))
            {
                return false;
            }
        }
        return !DiesHere(replica) && !faults.LosesAck();
    }

    /// <summary>
    /// Stores the messages, which commits the transaction, and hands them over to the publisher.
    /// </summary>
    /// <returns>False when the process died after the commit.</returns>
    protected bool Commit(Replica replica, Guid orderId, IReadOnlyList<object> sends)
    {
        var life = replica.Life;
        var rows = new OutboxRow[sends.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i] = new OutboxRow(new Envelope(dice.Id(), orderId, sends[i]));
            Outbox.Add(row);
            agenda.After(OutboxAge, () => Sweep(row));
        }
        if (DiesHere(replica))
        {
            return false;
        }
        foreach (var row in rows)
        {
            agenda.After(TimeSpan.FromMilliseconds(1), () => PublishFromMemory(replica, life, row));
        }
        return true;
    }

    private void PublishFromMemory(Replica replica, int life, OutboxRow row)
    {
        if (row.IsPublished || replica.Life != life)
        {
            return;
        }
        if (broker.IsUp)
        {
            Publish(replica, row);
            return;
        }
        agenda.After(SweepInterval, () => PublishFromMemory(replica, life, row));
    }

    private void Sweep(OutboxRow row)
    {
        if (row.IsPublished)
        {
            return;
        }
        if (broker.IsUp && Alive() is { } replica)
        {
            Publish(replica, row);
        }
        if (!row.IsPublished)
        {
            agenda.After(SweepInterval, () => Sweep(row));
        }
    }

    private void Publish(Replica replica, OutboxRow row)
    {
        broker.Publish(row.Envelope);
        row.IsPublished = !DiesHere(replica);
    }

    /// <summary>A process that can take work, or null when none lives.</summary>
    protected Replica? Alive()
    {
        var first = dice.Between(0, _replicas.Length);
        for (var i = 0; i < _replicas.Length; i++)
        {
            var replica = _replicas[(first + i) % _replicas.Length];
            if (replica.IsAlive)
            {
                return replica;
            }
        }
        return null;
    }

    /// <returns>True when this process dies at this line.</returns>
    protected bool DiesHere(Replica replica)
    {
        if (!faults.Crash())
        {
            return false;
        }
        Kill(replica, dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(40)));
        return true;
    }

    /// <summary>Once a minute, while faults are active: perhaps no process is left.</summary>
    public void Weather()
    {
        if (faults.Standstill())
        {
            var pause = dice.Between(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));
            Array.ForEach(_replicas, replica => Kill(replica, pause));
        }
        if (faults.Active)
        {
            agenda.After(TimeSpan.FromMinutes(1), Weather);
        }
    }

    private void Kill(Replica replica, TimeSpan pause)
    {
        var life = ++replica.Life;
        replica.IsAlive = false;
        replica.Jobs.Clear();
        agenda.After(pause, () => replica.IsAlive |= replica.Life == life);
    }

    /// <summary>
    /// Does at a moment what a row says is due then: a sweeper finds it at its next round, or
    /// later if no process lives or deadlines do not apply.
    /// </summary>
    /// <param name="isDue">Whether the row still says so.</param>
    protected void WhenDue(
        DateTimeOffset moment, bool isDeadline, Func<bool> isDue, Action<Replica> act)
    {
        var round = dice.Between(TimeSpan.Zero, SweepInterval);
        agenda.At(moment + round, Look);

        void Look()
        {
            if (!isDue())
            {
                return;
            }
            if (isDeadline && !broker.DeadlinesApply
                || Alive() is not { } replica || DiesHere(replica))
            {
                agenda.After(SweepInterval, Look);
                return;
            }
            act(replica);
        }
    }
}

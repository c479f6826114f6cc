namespace Artesanos.Tests.Proof.Simulation;

internal sealed record Envelope(Guid Id, Guid OrderId, object Body);

/// <summary>
/// JetStream: keeps what was published, drops a repeated id within its window, delivers at least
/// once to each service that subscribes and again after AckWait until it is acknowledged.
/// </summary>
internal sealed class Broker(Agenda agenda, Faults faults, Dice dice)
{
    private static readonly TimeSpan AckWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly Dictionary<Guid, DateTimeOffset> _published = [];
    private DateTimeOffset _upSince = Agenda.Start - Grace;

    public bool IsUp { get; private set; } = true;

    /// <summary>An outage of ours fails no order: deadlines wait for a grace after it.</summary>
    public bool DeadlinesApply => IsUp && agenda.Now - _upSince >= Grace;

    public required Func<object, Service?> Subscriber { get; init; }

    /// <summary>Once a minute, while faults are active: perhaps an outage.</summary>
    public void Weather()
    {
        if (!faults.Active)
        {
            return;
        }
        if (IsUp && faults.Outage())
        {
            IsUp = false;
            agenda.After(dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2)), () =>
            {
                IsUp = true;
                _upSince = agenda.Now;
            });
        }
        agenda.After(TimeSpan.FromMinutes(1), Weather);
    }

    public void Publish(Envelope envelope)
    {
        if (_published.TryGetValue(envelope.Id, out var before) && agenda.Now - before < Window)
        {
            return;
        }
        _published[envelope.Id] = agenda.Now;
        if (Subscriber(envelope.Body) is { } subscriber)
        {
            agenda.After(faults.Latency(), () => Deliver(envelope, subscriber));
            if (faults.Duplicates())
            {
                agenda.After(faults.Latency(), () => Deliver(envelope, subscriber));
            }
        }
    }

    private void Deliver(Envelope envelope, Service subscriber)
    {
        if (!IsUp || !subscriber.Receive(envelope))
        {
            agenda.After(AckWait, () => Deliver(envelope, subscriber));
        }
    }
}

using System.ComponentModel.DataAnnotations;
using Artesanos.Messaging.Nats;

namespace Artesanos.Messaging;

/// <summary>Section <c>Messaging</c>: every bound of the outbox, the consumers and the streams.</summary>
public sealed class MessagingOptions : IValidatableObject
{
    public const string Section = "Messaging";

    /// <summary>Messages handled in one transaction.</summary>
    [Range(1, 1000,
        ErrorMessage = "Messaging__MaxBatch must be between 1 and 1000 (messages).")]
    public int MaxBatch { get; init; } = 128;

    /// <summary>Lanes per consumer; a lane handles the messages of its orders in sequence. While
    /// one batch is on its way to the disk the next one gathers, so a single lane makes the fewest
    /// transactions.</summary>
    [Range(1, 64,
        ErrorMessage = "Messaging__Lanes must be between 1 and 64 (lanes).")]
    public int Lanes { get; init; } = 1;

    /// <summary>Messages of one consumer in hand at once, all replicas together.</summary>
    [Range(1, 10_000,
        ErrorMessage = "Messaging__MaxAckPending must be between 1 and 10000 (messages).")]
    public int MaxAckPending { get; init; } = 512;

    /// <summary>How long the server waits for an ack before it delivers again.</summary>
    public TimeSpan AckWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Deliveries of one message before it becomes a dead letter.</summary>
    [Range(2, 1000,
        ErrorMessage = "Messaging__MaxDeliver must be between 2 and 1000 (deliveries).")]
    public int MaxDeliver { get; init; } = 12;

    /// <summary>Longest delay before a failed message is delivered again.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a publish waits for its ack before it is repeated with the same id.</summary>
    public TimeSpan PublishTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Outbox messages in memory; beyond it they wait in their rows for the sweeper.</summary>
    [Range(16, 1_000_000,
        ErrorMessage = "Messaging__PublishQueue must be between 16 and 1000000 (messages).")]
    public int PublishQueue { get; init; } = 10_000;

    /// <summary>How often the sweeper looks for rows that a crash left unpublished.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the gauges of tables and consumers are read (docs/metrics.md).</summary>
    public TimeSpan SampleInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the writer of an outbox row has to publish it before a sweeper may.</summary>
    public TimeSpan PublishLease { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after an outage of NATS deadlines are still postponed.</summary>
    public TimeSpan OutageGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often old rows are looked for.</summary>
    public TimeSpan DeleteInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Old rows deleted in one transaction.</summary>
    [Range(1, 100_000,
        ErrorMessage = "Messaging__MaxDelete must be between 1 and 100000 (rows).")]
    public int MaxDelete { get; init; } = 1000;

    /// <summary>How long published messages stay in the outbox: a broker that lost its disk is
    /// filled from there again.</summary>
    public TimeSpan KeepPublished { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long it is known that a message was handled: as long as it could come again
    /// from an outbox or a stream.</summary>
    public TimeSpan KeepHandled { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a replayed or discarded dead letter can be looked up.</summary>
    public TimeSpan KeepDeadLetters { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Whether the service declares streams and its consumers at start. If not, whoever
    /// provisions does, and the service's user needs no right to (docs/nats.md).</summary>
    public bool Declare { get; init; } = true;

    /// <summary>Replicas of each stream: 1 alone, 3 in a cluster.</summary>
    [Range(1, 5,
        ErrorMessage = "Messaging__StreamReplicas must be between 1 and 5 (replicas).")]
    public int StreamReplicas { get; init; } = 1;

    /// <summary>Size cap of each of the three event streams, in bytes.</summary>
    [Range(1 << 20, 1L << 50, ErrorMessage =
        "Messaging__StreamMaxBytes must be between 1048576 and 1125899906842624 (bytes).")]
    public long StreamMaxBytes { get; init; } = 2L << 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // A bare number is a number of days, which the longest ones find out.
        var (hour, day, tenYears) =
            (TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        (string Name, TimeSpan Value, TimeSpan Longest)[] durations =
        [
            (nameof(AckWait), AckWait, hour),
            (nameof(MaxRetryDelay), MaxRetryDelay, day),
            (nameof(PublishTimeout), PublishTimeout, hour),
            (nameof(SweepInterval), SweepInterval, hour),
            (nameof(SampleInterval), SampleInterval, hour),
            (nameof(PublishLease), PublishLease, hour),
            (nameof(OutageGrace), OutageGrace, hour),
            (nameof(DeleteInterval), DeleteInterval, day),
            (nameof(KeepPublished), KeepPublished, tenYears),
            (nameof(KeepHandled), KeepHandled, tenYears),
            (nameof(KeepDeadLetters), KeepDeadLetters, tenYears),
        ];
        var wrong = durations
            .Where(duration => duration.Value <= TimeSpan.Zero
                || duration.Value > duration.Longest)
            .Select(duration => new ValidationResult(
                $"{Section}__{duration.Name} must be a duration of more than 00:00:00 and at "
                + $"most {duration.Longest} (hh:mm:ss or d.hh:mm:ss)."))
            .ToList();
        return wrong.Count > 0 ? wrong : TooShort();
    }

    private IEnumerable<ValidationResult> TooShort()
    {
        if (KeepHandled < KeepPublished + Topology.MaxAge)
        {
            yield return new(
                $"Messaging__KeepHandled must be at least Messaging__KeepPublished and "
                + $"{Topology.MaxAge.Days} days: a message could come again and be done twice.");
        }
        if (KeepDeadLetters < KeepPublished)
        {
            yield return new("Messaging__KeepDeadLetters must be at least "
                + "Messaging__KeepPublished: the audit looks for each published message.");
        }
    }
}

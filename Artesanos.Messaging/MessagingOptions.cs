using System.ComponentModel.DataAnnotations;

namespace Artesanos.Messaging;

/// <summary>Section <c>Messaging</c>: every bound of the outbox, the consumers and the streams.</summary>
public sealed class MessagingOptions
{
    public const string Section = "Messaging";

    /// <summary>Messages handled in one transaction.</summary>
    [Range(1, 1000)]
    public int MaxBatch { get; init; } = 64;

    /// <summary>Lanes per consumer; a lane handles the messages of its orders in sequence.</summary>
    [Range(1, 64)]
    public int Lanes { get; init; } = 2;

    /// <summary>Messages of one consumer in hand at once, all replicas together.</summary>
    [Range(1, 10_000)]
    public int MaxAckPending { get; init; } = 512;

    /// <summary>How long the server waits for an ack before it delivers again.</summary>
    public TimeSpan AckWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Deliveries of one message before it becomes a dead letter.</summary>
    [Range(2, 1000)]
    public int MaxDeliver { get; init; } = 12;

    /// <summary>Longest delay before a failed message is delivered again.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a publish waits for its ack before it is repeated with the same id.</summary>
    public TimeSpan PublishTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Outbox messages in memory; beyond it they wait in their rows for the sweeper.</summary>
    [Range(16, 1_000_000)]
    public int PublishQueue { get; init; } = 10_000;

    /// <summary>How often the sweeper looks for rows that a crash left unpublished.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the gauges of tables and consumers are read (docs/metrics.md).</summary>
    public TimeSpan SampleInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the writer of an outbox row has to publish it before a sweeper may.</summary>
    public TimeSpan PublishLease { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after an outage of NATS deadlines are still postponed.</summary>
    public TimeSpan OutageGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Replicas of each stream: 1 alone, 3 in a cluster.</summary>
    [Range(1, 5)]
    public int StreamReplicas { get; init; } = 1;

    /// <summary>Size cap of each of the three event streams, in bytes.</summary>
    [Range(1 << 20, long.MaxValue)]
    public long StreamMaxBytes { get; init; } = 2L << 30;
}

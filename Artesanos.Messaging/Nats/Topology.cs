using Artesanos.Messaging.Consuming;
using Microsoft.Extensions.Options;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Artesanos.Messaging.Nats;

/// <summary>The streams of the system, the same for every service that declares them.</summary>
internal sealed class Topology(INatsJSContext jetStream, IOptions<MessagingOptions> options)
{
    public const string DeadLetterStream = "dlq";
    public const string AdvisoryStream = "advisories";
    public const string MaxDeliveriesSubject = "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>";

    /// <summary>How long a stream keeps a message.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(14);

    private const long SmallStreamBytes = 256L << 20;

    /// <summary>
    /// Declares every stream and reads it back. A stream that cannot be brought to the declared
    /// form (an older one with other settings, say) is an error that names the difference.
    /// </summary>
    /// <exception cref="TopologyException">The server's stream differs from the declared one.</exception>
    public async Task DeclareAsync(CancellationToken ct)
    {
        var bytes = options.Value.StreamMaxBytes;
        await DeclareAsync("orders", "orders.>", bytes, ct);
        await DeclareAsync("payments", "payments.>", bytes, ct);
        await DeclareAsync("inventory", "inventory.>", bytes, ct);
        await DeclareAsync(DeadLetterStream, "dlq.>", SmallStreamBytes, ct);
        await DeclareAsync(AdvisoryStream, MaxDeliveriesSubject, SmallStreamBytes, ct);
    }

    /// <summary>Declares every stream, and the durables of one service.</summary>
    /// <exception cref="TopologyException">The server's streams or consumers differ.</exception>
    public async Task DeclareAsync(
        IEnumerable<Subscription> subscriptions, CancellationToken ct)
    {
        await DeclareAsync(ct);
        foreach (var (stream, filter, durable, _) in subscriptions)
        {
            await DeclareConsumerAsync(stream, durable, filter, ct);
        }
    }

    /// <summary>Declares a durable pull consumer on one filter subject and reads it back.</summary>
    /// <exception cref="TopologyException">The server's consumer differs.</exception>
    public async Task<INatsJSConsumer> DeclareConsumerAsync(
        string stream, string durable, string filter, CancellationToken ct)
    {
        var settings = options.Value;
        var wanted = new ConsumerConfig(durable)
        {
            FilterSubject = filter,
            AckPolicy = ConsumerConfigAckPolicy.Explicit,
            DeliverPolicy = ConsumerConfigDeliverPolicy.All,
            AckWait = settings.AckWait,
            MaxDeliver = settings.MaxDeliver,
            MaxAckPending = settings.MaxAckPending,
        };
        var consumer = await jetStream.CreateOrUpdateConsumerAsync(stream, wanted, ct);
        var actual = consumer.Info.Config;
        Require($"{stream}/{durable}",
            ("filter_subject", actual.FilterSubject, filter),
            ("ack_policy", actual.AckPolicy, ConsumerConfigAckPolicy.Explicit),
            ("ack_wait", actual.AckWait, settings.AckWait),
            ("max_deliver", actual.MaxDeliver, (long)settings.MaxDeliver),
            ("max_ack_pending", actual.MaxAckPending, (long)settings.MaxAckPending));
        return consumer;
    }

    private async Task DeclareAsync(
        string name, string subjects, long maxBytes, CancellationToken ct)
    {
        var wanted = new StreamConfig(name, [subjects])
        {
            Storage = StreamConfigStorage.File,
            Retention = StreamConfigRetention.Limits,
            Discard = StreamConfigDiscard.New,
            DenyDelete = true,
            MaxAge = MaxAge,
            MaxBytes = maxBytes,
            DuplicateWindow = TimeSpan.FromMinutes(10),
            NumReplicas = options.Value.StreamReplicas,
        };
        try
        {
            await jetStream.CreateOrUpdateStreamAsync(wanted, ct);
        }
        // 503: JetStream is not there yet, which passes; everything else is a difference.
        catch (NatsJSApiException failure) when (failure.Error.Code != 503)
        {
            throw new TopologyException(
                $"Stream '{name}' could not be declared: {failure.Error.Description}. "
                + "Compare it with docs/nats.md (nats stream info) and change or remove it.",
                failure);
        }

        var actual = (await jetStream.GetStreamAsync(name, cancellationToken: ct)).Info.Config;
        Require(name,
            ("subjects", string.Join(',', actual.Subjects ?? []), subjects),
            ("storage", actual.Storage, wanted.Storage),
            ("retention", actual.Retention, wanted.Retention),
            ("discard", actual.Discard, wanted.Discard),
            ("deny_delete", actual.DenyDelete, wanted.DenyDelete),
            ("max_age", actual.MaxAge, wanted.MaxAge),
            ("max_bytes", actual.MaxBytes, wanted.MaxBytes),
            ("duplicate_window", actual.DuplicateWindow, wanted.DuplicateWindow),
            ("num_replicas", actual.NumReplicas, wanted.NumReplicas));
    }

    private static void Require(
        string owner, params (string Setting, object? Actual, object? Wanted)[] settings)
    {
        foreach (var (setting, actual, wanted) in settings)
        {
            if (!Equals(actual, wanted))
            {
                throw new TopologyException(
                    $"'{owner}' has {setting} = {actual}, but this version needs {wanted}. "
                    + "Change it on the server (nats stream|consumer edit), see docs/nats.md.");
            }
        }
    }
}

/// <summary>Streams or consumers on the server are not what this version declares.</summary>
public sealed class TopologyException : Exception
{
    public TopologyException(string message) : base(message) { }
    public TopologyException(string message, Exception inner) : base(message, inner) { }
    public TopologyException() { }
}

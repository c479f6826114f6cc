using Artesanos.Messaging.Consuming;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Artesanos.Messaging.Nats;

/// <summary>The streams of the system, the same for every service that declares them.</summary>
internal sealed class Topology(
    INatsJSContext jetStream, IOptions<MessagingOptions> options, IHostEnvironment environment)
{
    private const string DeadLetterStream = "dlq";
    private const string AdvisoryStream = "advisories";
    private const string MaxDeliveriesSubject = "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>";

    /// <summary>How long a stream keeps a message.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(14);

    private const long SmallStreamBytes = 256L << 20;

    /// <summary>
    /// Makes sure that every stream is as this version needs it: declares them, or, where that is
    /// the provisioner's, only reads them.
    /// </summary>
    /// <exception cref="TopologyException">The server's stream differs from the declared one.</exception>
    /// <exception cref="NatsException">The server is away, or nobody has provisioned yet.</exception>
    public async Task EnsureAsync(CancellationToken ct)
    {
        foreach (var wanted in Streams())
        {
            await (options.Value.Declare ? DeclareAsync(wanted, ct) : CheckAsync(wanted, ct));
        }
    }

    /// <summary>Likewise with the durables of one service.</summary>
    /// <inheritdoc cref="EnsureAsync(CancellationToken)" path="/exception"/>
    public async Task EnsureAsync(
        IEnumerable<Subscription> subscriptions, CancellationToken ct)
    {
        await EnsureAsync(ct);
        foreach (var (stream, filter, durable, _) in subscriptions)
        {
            await EnsureConsumerAsync(stream, durable, filter, ct);
        }
    }

    /// <summary>Likewise one durable pull consumer on one filter subject.</summary>
    /// <inheritdoc cref="EnsureAsync(CancellationToken)" path="/exception"/>
    public async Task<INatsJSConsumer> EnsureConsumerAsync(
        string stream, string durable, string filter, CancellationToken ct)
    {
        if (options.Value.Declare)
        {
            return await DeclareConsumerAsync(stream, durable, filter, ct);
        }
        var consumer = await FoundAsync($"{stream}/{durable}",
            async () => await jetStream.GetConsumerAsync(stream, durable, ct));
        Require(consumer, stream, Consumer(durable, filter));
        return consumer;
    }

    /// <summary>The service's own durable on the advisories.</summary>
    /// <inheritdoc cref="EnsureAsync(CancellationToken)" path="/exception"/>
    public Task<INatsJSConsumer> EnsureAdvisoryConsumerAsync(CancellationToken ct) =>
        EnsureConsumerAsync(AdvisoryStream, AdvisoryDurable, MaxDeliveriesSubject, ct);

    /// <summary>
    /// Declares every stream and all durables of one service, whoever starts it, and reads them
    /// back. A stream that cannot be brought to the declared form (an older one with other
    /// settings, say) is an error that names the difference.
    /// </summary>
    /// <exception cref="TopologyException">The server's streams or consumers differ.</exception>
    public async Task DeclareAsync(
        IEnumerable<Subscription> subscriptions, CancellationToken ct)
    {
        foreach (var wanted in Streams())
        {
            await DeclareAsync(wanted, ct);
        }
        foreach (var (stream, filter, durable, _) in subscriptions)
        {
            await DeclareConsumerAsync(stream, durable, filter, ct);
        }
        await DeclareConsumerAsync(AdvisoryStream, AdvisoryDurable, MaxDeliveriesSubject, ct);
    }

    private string AdvisoryDurable => environment.ApplicationName.Replace('.', '_');

    /// <summary>Declares a durable pull consumer on one filter subject and reads it back.</summary>
    private async Task<INatsJSConsumer> DeclareConsumerAsync(
        string stream, string durable, string filter, CancellationToken ct)
    {
        var wanted = Consumer(durable, filter);
        var consumer = await jetStream.CreateOrUpdateConsumerAsync(stream, wanted, ct);
        Require(consumer, stream, wanted);
        return consumer;
    }

    private IEnumerable<StreamConfig> Streams()
    {
        var bytes = options.Value.StreamMaxBytes;
        yield return Stream("orders", "orders.>", bytes);
        yield return Stream("payments", "payments.>", bytes);
        yield return Stream("inventory", "inventory.>", bytes);
        yield return Stream(DeadLetterStream, "dlq.>", SmallStreamBytes);
        yield return Stream(AdvisoryStream, MaxDeliveriesSubject, SmallStreamBytes);
    }

    private StreamConfig Stream(string name, string subjects, long maxBytes) =>
        new(name, [subjects])
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

    private ConsumerConfig Consumer(string durable, string filter) => new(durable)
    {
        FilterSubject = filter,
        AckPolicy = ConsumerConfigAckPolicy.Explicit,
        DeliverPolicy = ConsumerConfigDeliverPolicy.All,
        AckWait = options.Value.AckWait,
        MaxDeliver = options.Value.MaxDeliver,
        MaxAckPending = options.Value.MaxAckPending,
    };

    private async Task DeclareAsync(StreamConfig wanted, CancellationToken ct)
    {
        try
        {
            await jetStream.CreateOrUpdateStreamAsync(wanted, ct);
        }
        // 503: JetStream is not there yet, which passes; everything else is a difference.
        catch (NatsJSApiException failure) when (failure.Error.Code != 503)
        {
            throw new TopologyException(
                $"Stream '{wanted.Name}' could not be declared: {failure.Error.Description}. "
                + "Compare it with docs/nats.md (nats stream info) and change or remove it.",
                failure);
        }
        await CheckAsync(wanted, ct);
    }

    private async Task CheckAsync(StreamConfig wanted, CancellationToken ct)
    {
        var stream = await FoundAsync(wanted.Name!,
            async () => await jetStream.GetStreamAsync(wanted.Name!, cancellationToken: ct));
        var actual = stream.Info.Config;
        Require(wanted.Name!,
            ("subjects", Joined(actual.Subjects), Joined(wanted.Subjects)),
            ("storage", actual.Storage, wanted.Storage),
            ("retention", actual.Retention, wanted.Retention),
            ("discard", actual.Discard, wanted.Discard),
            ("deny_delete", actual.DenyDelete, wanted.DenyDelete),
            ("max_age", actual.MaxAge, wanted.MaxAge),
            ("max_bytes", actual.MaxBytes, wanted.MaxBytes),
            ("duplicate_window", actual.DuplicateWindow, wanted.DuplicateWindow),
            ("num_replicas", actual.NumReplicas, wanted.NumReplicas));
    }

    private static void Require(INatsJSConsumer consumer, string stream, ConsumerConfig wanted)
    {
        var actual = consumer.Info.Config;
        Require($"{stream}/{wanted.DurableName}",
            ("filter_subject", actual.FilterSubject, wanted.FilterSubject),
            ("ack_policy", actual.AckPolicy, wanted.AckPolicy),
            ("ack_wait", actual.AckWait, wanted.AckWait),
            ("max_deliver", actual.MaxDeliver, wanted.MaxDeliver),
            ("max_ack_pending", actual.MaxAckPending, wanted.MaxAckPending));
    }

    /// <summary>What is not there may come: whoever waits for it is told what brings it.</summary>
    private static async Task<T> FoundAsync<T>(string name, Func<Task<T>> findAsync)
    {
        try
        {
            return await findAsync();
        }
        catch (NatsJSApiException absent) when (absent.Error.Code == 404)
        {
            throw new NatsException(
                $"'{name}' is not there: run the provision command (docs/nats.md).", absent);
        }
    }

    private static string Joined(ICollection<string>? subjects) =>
        string.Join(',', subjects ?? []);

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

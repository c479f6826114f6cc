using System.Text.Json;
using System.Text.Json.Serialization;
using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Nats;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Npgsql;

namespace Artesanos.Messaging.DeadLetters;

/// <summary>
/// A message whose last delivery was never settled (its handler's process died each time) is
/// given up by the server silently. Its advisory says so, and makes it a dead letter here.
/// </summary>
internal sealed partial class AbandonedMessages(
    IReadOnlyList<Subscription> subscriptions, INatsJSContext jetStream, Topology topology,
    StreamsReady ready, DeadLetterStore deadLetters, ILogger<AbandonedMessages> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var consumer = await topology.EnsureAdvisoryConsumerAsync(stoppingToken);
                await foreach (var raw in consumer.ConsumeAsync<byte[]>(
                    opts: new NatsJSConsumeOpts { MaxMsgs = 16 },
                    cancellationToken: stoppingToken))
                {
                    await KeepAsync(raw, stoppingToken);
                }
            }
            catch (Exception outage) when (
                outage is NatsException or NpgsqlException
                && !stoppingToken.IsCancellationRequested)
            {
                LogInterrupted(logger, outage.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
        }
    }

    private async Task KeepAsync(INatsJSMsg<byte[]> raw, CancellationToken ct)
    {
        var advisory = JsonSerializer.Deserialize(raw.Data, AdvisoryJson.Default.Advisory);
        if (advisory is not null && subscriptions.Any(s =>
            s.Stream == advisory.Stream && s.Durable == advisory.Consumer))
        {
            var stream = await jetStream.GetStreamAsync(advisory.Stream, cancellationToken: ct);
            var stored = (await stream.GetAsync(
                new StreamMsgGetRequest { Seq = advisory.StreamSequence }, ct)).Message;
            var headers = Headers(stored.Hdrs);
            LogAbandoned(logger, stored.Subject, advisory.Deliveries);
            await deadLetters.StoreAsync(
                stored.Subject, stored.Data.ToArray(), headers,
                "Every delivery ended without an answer.", advisory.Deliveries, ct);
        }
        await raw.AckAsync(cancellationToken: ct);
    }

    /// <summary>The stored form: base64 of <c>NATS/1.0</c> and then one header a line.</summary>
    private static Dictionary<string, string> Headers(string? stored) =>
        System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(stored ?? ""))
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(line => line.Split(": ", 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);

    [LoggerMessage(LogLevel.Error,
        "{Subject} was given up by NATS after {Deliveries} deliveries and is a dead letter.")]
    private static partial void LogAbandoned(ILogger logger, string subject, int deliveries);

    [LoggerMessage(LogLevel.Warning, "Advisories were interrupted: {Reason}")]
    private static partial void LogInterrupted(ILogger logger, string reason);
}

internal sealed record Advisory(
    [property: JsonPropertyName("stream")] string Stream,
    [property: JsonPropertyName("consumer")] string Consumer,
    [property: JsonPropertyName("stream_seq")] ulong StreamSequence,
    [property: JsonPropertyName("deliveries")] int Deliveries);

[JsonSerializable(typeof(Advisory))]
internal sealed partial class AdvisoryJson : JsonSerializerContext;

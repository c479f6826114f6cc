using System.Collections.Concurrent;
using System.Threading.Channels;
using Artesanos.Messaging.Nats;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Artesanos.Messaging.Consuming;

/// <summary>
/// Pulls messages into lanes by order and lets each lane handle what has come together. What is
/// in hand is bounded by the server (max_ack_pending), so lanes need no bound of their own.
/// </summary>
internal sealed partial class BatchConsumer(
    Subscription subscription, BatchProcessor processor, Topology topology, StreamsReady ready,
    IOptions<MessagingOptions> options, TimeProvider time, ILogger<BatchConsumer> logger)
    : BackgroundService
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Messages that come together are followed by others: a moment's wait puts them into one
    /// transaction. One that comes alone does not wait.
    /// </summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(3);

    // Messages are structs behind an interface: as values they would be hashed by reflection.
    private readonly ConcurrentDictionary<INatsJSMsg<byte[]>, DateTimeOffset> _inHand =
        new(ReferenceEqualityComparer.Instance);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var hardStop = new CancellationTokenSource();
        var lanes = Enumerable.Range(0, options.Value.Lanes)
            .Select(_ => Channel.CreateUnbounded<INatsJSMsg<byte[]>>(
                new UnboundedChannelOptions { SingleReader = true }))
            .ToArray();
        var work = lanes.Select(lane => WorkAsync(lane.Reader, hardStop.Token)).ToList();
        var progress = ReportProgressAsync(hardStop.Token);

        await PullAsync(lanes, stoppingToken);

        // What was drained is finished, so that the next process does not wait for AckWait.
        Array.ForEach(lanes, lane => lane.Writer.Complete());
        hardStop.CancelAfter(StopPatience);
        await Task.WhenAll(work);
        await hardStop.CancelAsync();
        await progress;
    }

    private async Task PullAsync(
        Channel<INatsJSMsg<byte[]>>[] lanes, CancellationToken stoppingToken)
    {
        // Defaults resume up to half a minute after a server restart; these within a second.
        // A pull is repeated when two heartbeats are missing, not when the connection is back.
        var consume = new NatsJSConsumeOpts
        {
            MaxMsgs = options.Value.MaxAckPending,
            IdleHeartbeat = TimeSpan.FromMilliseconds(500),
            Expires = TimeSpan.FromSeconds(5),
            DrainOnCancel = true,
        };
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Again each time: a broker that lost its disk has neither stream nor consumer.
                await topology.EnsureAsync(stoppingToken);
                var consumer = await topology.EnsureConsumerAsync(
                    subscription.Stream, subscription.Durable, subscription.Filter, stoppingToken);
                await foreach (var message in consumer.ConsumeAsync<byte[]>(
                    opts: consume, cancellationToken: stoppingToken))
                {
                    _inHand[message] = time.GetUtcNow();
                    var lane = ReceivedMessage.Lane(message, lanes.Length);
                    lanes[lane].Writer.TryWrite(message);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception outage) when (outage is NatsException or OperationCanceledException)
            {
                LogInterrupted(logger, subscription.Stream, subscription.Durable, outage.Message);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(250), time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WorkAsync(ChannelReader<INatsJSMsg<byte[]>> lane, CancellationToken ct)
    {
        var batch = new List<INatsJSMsg<byte[]>>(options.Value.MaxBatch);
        var last = 0;
        while (await lane.WaitToReadAsync(CancellationToken.None))
        {
            if (last > 1)
            {
                await Task.Delay(Gathering, CancellationToken.None);
            }
            while (batch.Count < options.Value.MaxBatch && lane.TryRead(out var message))
            {
                batch.Add(message);
            }
            try
            {
                await processor.ProcessAsync(batch, ct);
            }
            catch (Exception failure)
            {
                // Not settled, so the server delivers these messages again: that is the retry.
                LogUnsettled(logger, failure, batch.Count);
            }
            batch.ForEach(message => _inHand.TryRemove(message, out _));
            last = batch.Count;
            batch.Clear();
        }
    }

    /// <summary>
    /// Tells the server what is still in work, so that a slow handler or an outage of the
    /// database does not use up a message's deliveries.
    /// </summary>
    private async Task ReportProgressAsync(CancellationToken ct)
    {
        var interval = options.Value.AckWait / 4;
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(interval, time, ct)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var old = time.GetUtcNow() - interval;
            try
            {
                foreach (var message in _inHand.Where(m => m.Value <= old).Select(m => m.Key))
                {
                    await message.AckProgressAsync(cancellationToken: ct);
                }
            }
            catch (Exception outage) when (outage is NatsException or OperationCanceledException)
            {
                // Without NATS there is no server that could count; the next round tells it.
                LogInterrupted(logger, subscription.Stream, subscription.Durable, outage.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Consumer {Stream}/{Durable} was interrupted: {Reason}")]
    private static partial void LogInterrupted(
        ILogger logger, string stream, string durable, string reason);

    [LoggerMessage(LogLevel.Error, "{Count} messages were not settled and will come again.")]
    private static partial void LogUnsettled(ILogger logger, Exception failure, int count);
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Artesanos.Messaging.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Npgsql;

namespace Artesanos.Messaging.Outbox;

/// <summary>
/// Publishes outbox messages: in sequence per key, in parallel across keys. A row is marked only
/// after the stream's ack. A publish without an ack is repeated with the same id for as long as
/// it takes; the stream and the receivers' inboxes drop the repetition.
/// </summary>
internal sealed partial class OutboxPublisher : BackgroundService
{
    private const int Lanes = 4;
    private const int MaxLaneBatch = 128;
    private const int MaxMarkBatch = 5000;
    private const int MaxInHand = 1000;
    private static readonly TimeSpan MarkPause = TimeSpan.FromMilliseconds(100);

    private readonly INatsJSContext _jetStream;
    private readonly NpgsqlDataSource _database;
    private readonly ILogger<OutboxPublisher> _logger;
    private readonly string _source;
    private readonly Channel<OutboxMessage>[] _lanes;
    private readonly Channel<Guid> _published = Channel.CreateUnbounded<Guid>(
        new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<Guid, byte> _inHand = new();
    private readonly TimeProvider _time;
    private int _failing = 1;
    private long _drainingSince;

    public OutboxPublisher(
        INatsJSContext jetStream, NpgsqlDataSource database, IHostEnvironment environment,
        IOptions<MessagingOptions> options, TimeProvider time, ILogger<OutboxPublisher> logger)
    {
        (_jetStream, _database, _time, _logger) = (jetStream, database, time, logger);
        _source = "/" + environment.ApplicationName;
        _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => Channel.CreateBounded<OutboxMessage>(
            new BoundedChannelOptions(options.Value.PublishQueue / Lanes) { SingleReader = true }))];
        jetStream.Connection.ConnectionDisconnected += (_, lost) =>
        {
            Failed(lost.Message);
            return ValueTask.CompletedTask;
        };
    }

    /// <summary>How long publishing has worked without interruption; zero while it does not.</summary>
    public TimeSpan DrainingFor => Volatile.Read(ref _failing) == 1
        ? TimeSpan.Zero : _time.GetElapsedTime(Volatile.Read(ref _drainingSince));

    public bool IsDraining => Volatile.Read(ref _failing) == 0;

    /// <summary>So many messages are in memory that their own rows look forgotten.</summary>
    public bool IsBehind => _inHand.Count > MaxInHand;

    /// <summary>NATS answered: the streams are declared, or a consumer is there again.</summary>
    public void Succeeded()
    {
        if (Volatile.Read(ref _failing) == 1)
        {
            Volatile.Write(ref _drainingSince, _time.GetTimestamp());
            Volatile.Write(ref _failing, 0);
            LogDraining(_logger);
        }
    }

    private void Failed(string? reason)
    {
        if (Interlocked.Exchange(ref _failing, 1) == 0)
        {
            LogNotDraining(_logger, reason ?? "the connection is lost");
        }
    }

    public bool Holds(Guid id) => _inHand.ContainsKey(id);

    /// <summary>Takes committed messages. When the queue is full they wait in their rows.</summary>
    public void HandOver(IReadOnlyList<OutboxMessage> messages)
    {
        foreach (var message in messages)
        {
            var lane = _lanes[(message.Key.GetHashCode() & int.MaxValue) % Lanes];
            if (_inHand.TryAdd(message.Id, 0) && !lane.Writer.TryWrite(message))
            {
                _inHand.TryRemove(message.Id, out _);
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([.. _lanes.Select(lane => PublishAsync(lane.Reader, stoppingToken)),
            MarkAsync(stoppingToken)]);

    /// <summary>Lets queued messages leave before the connection closes; rows cover the rest.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        var patience = Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
        while (IsDraining && !_inHand.IsEmpty && !patience.IsCompleted)
        {
            await Task.WhenAny(patience, Task.Delay(10, CancellationToken.None));
        }
        await base.StopAsync(cancellationToken);
    }

    /// <summary>
    /// Publishes what has come together in waves: one message per key at a time, all keys at once.
    /// </summary>
    private async Task PublishAsync(ChannelReader<OutboxMessage> lane, CancellationToken ct)
    {
        var wave = new Dictionary<Guid, Task>();
        while (await WaitAsync(lane, ct))
        {
            while (wave.Count < MaxLaneBatch && lane.TryPeek(out var next)
                && !wave.ContainsKey(next.Key) && lane.TryRead(out var message))
            {
                wave.Add(message.Key, PublishOneAsync(message, ct));
            }
            // Publishing handles its failures; whatever still escapes is a bug and stops the host.
            await Task.WhenAll(wave.Values);
            wave.Clear();
        }
    }

    private async Task PublishOneAsync(OutboxMessage message, CancellationToken ct)
    {
        using var activity = MessagingTelemetry.Start(
            "publish " + message.Subject, ActivityKind.Producer, message.TraceParent);
        activity?.Name(message.Id, message.Key);
        var delay = TimeSpan.FromMilliseconds(100);
        while (!ct.IsCancellationRequested)
        {
            CrashPoints.Reach(CrashPoint.BeforePublish);
            var (answer, error) =
                await TryPublishAsync(message, activity?.Id ?? message.TraceParent, ct);
            if (answer == Answer.Stored)
            {
                MessagingMetrics.Sent(message.Subject);
                CrashPoints.Reach(CrashPoint.AfterPublish);
                _published.Writer.TryWrite(message.Id);
                Succeeded();
                return;
            }
            MessagingMetrics.NotSent(message.Subject);
            activity?.SetStatus(ActivityStatusCode.Error, error);
            if (answer == Answer.Refused)
            {
                // A full stream, say. Other orders must not wait for this message: its row stays,
                // and the sweeper offers it again.
                LogRefused(_logger, message.Subject, message.Id, error);
                _inHand.TryRemove(message.Id, out _);
                return;
            }
            if (ct.IsCancellationRequested)
            {
                return;
            }
            Failed(error);
            await Task.Delay(delay, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = TimeSpan.FromMilliseconds(Math.Min(delay.TotalMilliseconds * 2, 1000));
        }
    }

    private enum Answer
    {
        Stored,
        Refused,

        /// <summary>None in time: the message may be stored or not.</summary>
        Missing,
    }

    private async Task<(Answer Answer, string? Error)> TryPublishAsync(
        OutboxMessage message, string? traceParent, CancellationToken ct)
    {
        var headers = MessageHeaders.For(message, _source, traceParent);
        try
        {
            NatsResult<PubAckResponse> result = await _jetStream.TryPublishAsync(
                message.Subject, message.Payload, headers: headers, cancellationToken: ct);
            return result switch
            {
                { Success: false } => (Answer.Missing, result.Error.Message),
                { Value.Error: { } refusal } => (Answer.Refused, refusal.Description),
                _ => (Answer.Stored, null),
            };
        }
        catch (Exception failure) when (failure is NatsException or OperationCanceledException)
        {
            return (Answer.Missing, failure.Message);
        }
    }

    /// <summary>
    /// Marks what is published, as many rows at once as have come together. The mark need not
    /// survive a crash (the row would be published again, and dropped as a duplicate), so the
    /// commit does not wait for the disk.
    /// </summary>
    private async Task MarkAsync(CancellationToken ct)
    {
        var ids = new List<Guid>();
        while (await WaitAsync(_published.Reader, ct))
        {
            // Nobody waits for a mark, and each transaction of them costs as much as any other.
            await Task.Delay(MarkPause, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (ids.Count < MaxMarkBatch && _published.Reader.TryRead(out var id))
            {
                ids.Add(id);
            }
            try
            {
                await MarkAsync(ids, ct);
                CrashPoints.Reach(CrashPoint.AfterMark);
            }
            catch (NpgsqlException failure)
            {
                // The sweeper publishes these rows again; receivers know them already.
                LogNotMarked(_logger, ids.Count, failure.Message);
            }
            ids.ForEach(id => _inHand.TryRemove(id, out _));
            ids.Clear();
        }
    }

    private async Task MarkAsync(List<Guid> ids, CancellationToken ct)
    {
        await using var connection = await _database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("SET LOCAL synchronous_commit TO off"),
                new NpgsqlBatchCommand(
                    "UPDATE outbox SET published_at = now() WHERE id = ANY($1)")
                {
                    Parameters = { new() { Value = ids } },
                },
            },
        };
        await using var transaction = await connection.BeginTransactionAsync(ct);
        batch.Transaction = transaction;
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <returns>False once the host stops; waiting is not an error then.</returns>
    private static async Task<bool> WaitAsync<T>(ChannelReader<T> reader, CancellationToken ct)
    {
        try
        {
            return await reader.WaitToReadAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Error,
        "The outbox does not drain, deadlines are postponed: {Reason}")]
    private static partial void LogNotDraining(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Error,
        "The stream refuses {Subject} {MessageId}, it will be offered again: {Reason}")]
    private static partial void LogRefused(
        ILogger logger, string subject, Guid messageId, string? reason);

    [LoggerMessage(LogLevel.Information, "The outbox drains.")]
    private static partial void LogDraining(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "{Count} published messages were not marked: {Reason}")]
    private static partial void LogNotMarked(ILogger logger, int count, string reason);
}

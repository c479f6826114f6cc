using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Artesanos.Messaging;
using Artesanos.Messaging.Outbox;
using Artesanos.Payments.Charging;
using Artesanos.Payments.Data;
using Artesanos.Payments.Disputes;
using Microsoft.Extensions.Options;
using Npgsql;
using Stripe;

namespace Artesanos.Payments.StripeApi;

/// <summary>
/// Lets stored events take effect, as many as have come together in one transaction. Events come
/// twice and out of order, and some before their intent is known here: those wait in their rows.
/// </summary>
internal sealed partial class EventProcessor(
    NpgsqlDataSource database, Outbox outbox, StripeCalls calls, ChargeWorker worker,
    PaymentRules rules, IOptions<StripeOptions> options, TimeProvider time,
    ILogger<EventProcessor> logger) : BackgroundService
{
    private const int MaxBatch = 128;
    private const int MaxFetches = 8;
    private static readonly TimeSpan MaxUnknownDelay = TimeSpan.FromHours(1);

    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(
        new BoundedChannelOptions(options.Value.CallQueue) { SingleReader = true });
    private readonly ConcurrentDictionary<string, byte> _inHand = new(StringComparer.Ordinal);

    private sealed record Work(StripeEvent Event, int Tries)
    {
        public PaymentFact? Fact { get; init; } = Event.Fact;

        /// <summary>The trace of Stripe's request, which does not know the order's.</summary>
        public ActivityContext? ReceivedIn { get; init; }
    }

    /// <summary>Takes a stored event. What does not fit in memory waits for the sweeper.</summary>
    public void HandOver(StripeEvent received, int tries = 0)
    {
        if (_inHand.TryAdd(received.Id, 0)
            && !_queue.Writer.TryWrite(
                new Work(received, tries) { ReceivedIn = Activity.Current?.Context }))
        {
            _inHand.TryRemove(received.Id, out _);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Work>(MaxBatch);
        while (await WaitAsync(stoppingToken))
        {
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var work))
            {
                batch.Add(work);
            }
            await ProcessOrSplitAsync(batch, stoppingToken);
            batch.ForEach(work => _inHand.TryRemove(work.Event.Id, out _));
            batch.Clear();
        }
    }

    /// <summary>
    /// One event at fault must not hold the others. What fails is still unprocessed in its row,
    /// and the sweeper brings it back when its lease ends.
    /// </summary>
    private async Task ProcessOrSplitAsync(List<Work> batch, CancellationToken ct)
    {
        try
        {
            await ProcessAsync(batch, ct);
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            if (batch.Count == 1 || failure is NpgsqlException { IsTransient: true })
            {
                LogNotProcessed(logger, failure, batch.Count, batch[0].Event.Id);
                return;
            }
            foreach (var work in batch)
            {
                await ProcessOrSplitAsync([work], ct);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops; the rows are there for the next process.
        }
    }

    private async Task<bool> WaitAsync(CancellationToken ct)
    {
        try
        {
            return await _queue.Reader.WaitToReadAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ProcessAsync(List<Work> batch, CancellationToken ct)
    {
        // Before the transaction: none is open while Stripe is asked.
        var read = await InOurVersionAsync(batch, ct);
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var rows = await PaymentTable.LockByIntentAsync(
            transaction, read.Select(work => work.Event.IntentId).OfType<string>().Distinct(), ct);
        var byIntent = rows.ToDictionary(pair => pair.Value.IntentId!, pair => pair.Key);
        var changes = new PaymentChanges(rows);
        await using var writes = new NpgsqlBatch(connection, transaction);
        var messages = Decide(read, byIntent, changes, writes, now);
        changes.WriteTo(writes);
        if (!changes.Any && !read.Exists(work => work.Event.Dispute is not null))
        {
            // Only marks: lost in a crash, the events are processed again, to no effect.
            writes.BatchCommands.Insert(
                0, new NpgsqlBatchCommand("SET LOCAL synchronous_commit TO off"));
        }
        await outbox.CommitAsync(writes, messages, ct);
        changes.Report(logger);
        foreach (var dispute in read.Select(work => work.Event.Dispute).OfType<DisputeSeen>())
        {
            PaymentAlerts.Dispute(logger, dispute);
        }
        worker.HandOver(changes.Due);
    }

    private List<OutboxMessage> Decide(
        List<Work> batch, Dictionary<string, Guid> byIntent, PaymentChanges changes,
        NpgsqlBatch writes, DateTimeOffset now)
    {
        var messages = new List<OutboxMessage>();
        var (done, waiting) = (new List<string>(), new List<Work>());
        foreach (var work in batch)
        {
            if (work.Event.Dispute is { } dispute)
            {
                writes.BatchCommands.Add(DisputeTable.Record(dispute, now));
                done.Add(work.Event.Id);
            }
            else if (work.Fact is { } fact
                && byIntent.TryGetValue(work.Event.IntentId!, out var id))
            {
                var row = changes.Find(id)!;
                using var activity = Trace(work, row.TraceParent);
                var decision = DecideFact.Decide(row, fact, rules, now);
                changes.Add(decision);
                messages.AddRange(decision.Messages.Select(message =>
                    OutboxMessage.From(message, now, activity?.Id ?? row.TraceParent)));
                done.Add(work.Event.Id);
            }
            else
            {
                waiting.Add(work);
            }
        }
        if (done.Count > 0)
        {
            writes.BatchCommands.Add(EventStore.MarkProcessed([.. done], now));
        }
        if (waiting.Count > 0)
        {
            LogWaiting(logger, waiting.Count, waiting[0].Event.Id, waiting[0].Event.IntentId);
            writes.BatchCommands.Add(EventStore.Postpone(
                [.. waiting.Select(work => work.Event.Id)],
                [.. waiting.Select(work => now + Delay(work.Tries))]));
        }
        return messages;
    }

    private static Activity? Trace(Work work, string? traceParent)
    {
        var activity = MessagingTelemetry.Start(
            "webhook " + work.Event.Type, ActivityKind.Internal, traceParent);
        if (work.ReceivedIn is { } request)
        {
            activity?.AddLink(new ActivityLink(request));
        }
        return activity;
    }

    /// <summary>
    /// An event of another API version is only a hint: its intent is fetched in ours. One that
    /// cannot be fetched now has no fact and waits.
    /// </summary>
    private async Task<List<Work>> InOurVersionAsync(List<Work> batch, CancellationToken ct)
    {
        if (batch.TrueForAll(work => work.Event.IsOurVersion || work.Fact is null))
        {
            return batch;
        }
        var read = batch.ToArray();
        await Parallel.ForAsync(
            0, read.Length,
            new ParallelOptions { MaxDegreeOfParallelism = MaxFetches, CancellationToken = ct },
            async (i, token) =>
            {
                if (!read[i].Event.IsOurVersion && read[i].Fact is PaymentFact.IntentSeen)
                {
                    read[i] = read[i] with { Fact = await FetchAsync(read[i].Event, token) };
                }
            });
        return [.. read];
    }

    private async Task<PaymentFact?> FetchAsync(StripeEvent received, CancellationToken ct)
    {
        try
        {
            var intent = await calls.FetchIntentAsync(received.IntentId!, ct);
            return new PaymentFact.IntentSeen(StripeSnapshots.Of(intent), Answer: null);
        }
        catch (Exception failure) when (failure is StripeException or HttpRequestException
            or TaskCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static TimeSpan Delay(int tries)
    {
        var seconds = Math.Pow(2, Math.Min(tries, 16));
        return seconds < MaxUnknownDelay.TotalSeconds
            ? TimeSpan.FromSeconds(seconds) : MaxUnknownDelay;
    }

    [LoggerMessage(LogLevel.Information,
        "{Count} events wait for their intent, among them {EventId} for {IntentId}.")]
    private static partial void LogWaiting(
        ILogger logger, int count, string eventId, string? intentId);

    [LoggerMessage(LogLevel.Error,
        "{Count} events were not processed and will be tried again, first {EventId}.")]
    private static partial void LogNotProcessed(
        ILogger logger, Exception failure, int count, string eventId);
}

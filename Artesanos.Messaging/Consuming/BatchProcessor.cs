using System.Net.Sockets;
using Artesanos.Messaging.DeadLetters;
using Artesanos.Messaging.Metrics;
using Artesanos.Messaging.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.JetStream;
using Npgsql;

namespace Artesanos.Messaging.Consuming;

/// <summary>
/// Handles messages in one transaction and settles them after its commit. A failing batch is
/// split until the message at fault stands alone; an outage of the database is waited out, since
/// attempts are for messages and not for outages.
/// </summary>
internal sealed partial class BatchProcessor(
    IMessageHandler handler, Outbox.Outbox outbox, DeadLetterStore deadLetters,
    NpgsqlDataSource database, IOptions<MessagingOptions> options, TimeProvider time,
    ILogger<BatchProcessor> logger)
{
    private const int MaxConflicts = 3;

    public static BatchProcessor For(Subscription subscription, IServiceProvider services) =>
        ActivatorUtilities.CreateInstance<BatchProcessor>(
            services, services.GetRequiredService(subscription.Handler));

    public async Task ProcessAsync(IReadOnlyList<INatsJSMsg<byte[]>> raw, CancellationToken ct)
    {
        var received = raw.Select(ReceivedMessage.Decode).ToList();
        try
        {
            foreach (var again in received.Where(m => m.Deliveries > 1))
            {
                MessagingMetrics.Redelivered(again.Raw.Subject);
            }
            foreach (var invalid in received.Where(m => m.Invalid is not null))
            {
                await PutAsideAsync(invalid, invalid.Invalid!, ct);
            }
            foreach (var unknown in received.Where(m => m is { Message: null, Invalid: null }))
            {
                await unknown.Raw.AckAsync(cancellationToken: ct);
            }
            var valid = received.Where(m => m.Message is not null).ToList();
            if (valid.Count > 0)
            {
                await HandleOrSplitAsync(valid, ct);
            }
        }
        finally
        {
            received.ForEach(message => message.Dispose());
        }
    }

    private async Task HandleOrSplitAsync(List<ReceivedMessage> messages, CancellationToken ct)
    {
        // Statements and logs join the trace of the first message; the others refer to it.
        MessagingTelemetry.Share(messages, message => message.Activity);
        try
        {
            await HandleThroughOutagesAsync(messages, ct);
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            if (messages.Count > 1)
            {
                LogSplit(logger, messages.Count, failure.Message);
                var half = messages.Count / 2;
                await HandleOrSplitAsync(messages[..half], ct);
                await HandleOrSplitAsync(messages[half..], ct);
                return;
            }
            await FailAsync(messages[0], failure, ct);
            return;
        }
        var now = time.GetUtcNow();
        foreach (var message in messages)
        {
            MessagingMetrics.Handled(
                message.Message!.Body.GetType().Name, now - (message.PublishedAt ?? now));
            CrashPoints.Reach(CrashPoint.BeforeAck);
            await message.Raw.AckAsync(cancellationToken: ct);
            CrashPoints.Reach(CrashPoint.AfterAck);
        }
    }

    private async Task HandleThroughOutagesAsync(
        List<ReceivedMessage> received, CancellationToken ct)
    {
        List<Message> messages = [.. received.Select(m => m.Message!)];
        var mayBeKnown = received.Exists(m => m.Deliveries > 1);
        for (var wait = 100; ; wait = Math.Min(2 * wait, 2000))
        {
            try
            {
                await HandleAsync(messages, also: null, mayBeKnown, ct);
                return;
            }
            catch (Exception outage) when (IsOutage(outage))
            {
                LogOutage(logger, outage.Message);
            }
            // It may have been committed all the same.
            mayBeKnown = true;
            // The consumer keeps telling the server that these messages are in work.
            await Task.Delay(TimeSpan.FromMilliseconds(wait), time, ct);
        }
    }

    /// <summary>
    /// Inbox, state, outbox: one transaction. That a message was not handled before is assumed,
    /// and its inbox row is written with everything else: if the key is taken, nothing is
    /// committed, and the next try leaves out what is known.
    /// </summary>
    /// <param name="also">A statement that belongs to the same transaction, or null.</param>
    /// <param name="mayBeKnown">Duplicates are likely: they are looked for first.</param>
    /// <returns>The messages that the handler refused.</returns>
    public async Task<IReadOnlyList<(Message Message, string Reason)>> HandleAsync(
        List<Message> messages, NpgsqlBatchCommand? also, bool mayBeKnown, CancellationToken ct)
    {
        for (var conflicts = 0; ; mayBeKnown = true)
        {
            try
            {
                return await HandleOnceAsync(messages, also, mayBeKnown, ct);
            }
            catch (PostgresException conflict) when (
                IsConflict(conflict) && ++conflicts <= MaxConflicts)
            {
                // Another replica was faster with a row of ours; its outcome is visible now.
                LogConflict(logger, conflict.MessageText);
            }
        }
    }

    private async Task<IReadOnlyList<(Message Message, string Reason)>> HandleOnceAsync(
        List<Message> messages, NpgsqlBatchCommand? also, bool mayBeKnown, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var known = mayBeKnown ? await ReadInboxAsync(transaction, messages, ct) : [];
        // Add, not Contains: the same message twice in one batch counts once.
        var fresh = messages.FindAll(message => known.Add(message.Id));
        if (fresh.Count == 0 && also is null)
        {
            return [];
        }
        var batch = new MessageBatch(transaction, fresh, time.GetUtcNow());
        await using var writes = batch.Writes;
        if (also is not null)
        {
            writes.BatchCommands.Add(also);
        }
        if (fresh.Count > 0)
        {
            await handler.HandleAsync(batch, ct);
            writes.BatchCommands.Add(AddToInbox(fresh));
        }
        await outbox.CommitAsync(writes, [.. batch.Sent, .. Refuse(batch)], ct);
        batch.Committed?.Invoke();
        foreach (var (message, _) in batch.Refused)
        {
            MessagingMetrics.PutAside(message.Subject);
        }
        return batch.Refused;
    }

    /// <summary>
    /// A refused message was not handled: it leaves the inbox again, so that an operator can
    /// replay it, and joins the dead letters. A duplicate has failed before, at the inbox.
    /// </summary>
    private List<OutboxMessage> Refuse(MessageBatch batch)
    {
        var copies = new List<OutboxMessage>(batch.Refused.Count);
        foreach (var (message, reason) in batch.Refused)
        {
            LogRefused(logger, message.Subject, message.Id, message.Key, reason);
            batch.Writes.BatchCommands.Add(
                new NpgsqlBatchCommand("DELETE FROM inbox WHERE id = $1")
                {
                    Parameters = { new() { Value = message.Id } },
                });
            copies.Add(deadLetters.Refuse(batch.Writes, message, reason, time.GetUtcNow()));
        }
        return copies;
    }

    /// <summary>
    /// Rows are inserted in id order, so two replicas that were handed the same messages wait for
    /// each other instead of deadlocking.
    /// </summary>
    private static NpgsqlBatchCommand AddToInbox(List<Message> messages) => new(
        """
        INSERT INTO inbox (id, handled_at)
        SELECT id, now() FROM unnest($1::uuid[]) AS id ORDER BY id
        """)
    {
        Parameters = { new() { Value = messages.Select(message => message.Id).ToArray() } },
    };

    private static async Task<HashSet<Guid>> ReadInboxAsync(
        NpgsqlTransaction transaction, List<Message> messages, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "SELECT id FROM inbox WHERE id = ANY($1)", transaction.Connection, transaction)
        {
            Parameters = { new() { Value = messages.Select(m => m.Id).ToArray() } },
        };
        var known = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            known.Add(reader.GetGuid(0));
        }
        return known;
    }

    private async Task FailAsync(ReceivedMessage message, Exception failure, CancellationToken ct)
    {
        message.Failed(failure.Message);
        if (message.Deliveries >= (ulong)options.Value.MaxDeliver)
        {
            await PutAsideAsync(message, failure.ToString(), ct);
            return;
        }
        var delay = RetryDelay(message.Deliveries);
        var (id, order) = (message.Message!.Id, message.Message.Key);
        LogRetry(logger, failure, message.Raw.Subject, id, order, message.Deliveries, delay);
        await message.Raw.NakAsync(new AckOpts { NakDelay = delay }, ct);
    }

    private async Task PutAsideAsync(ReceivedMessage message, string error, CancellationToken ct)
    {
        LogDead(
            logger, message.Raw.Subject, message.Message?.Id, message.Message?.Key,
            message.Deliveries, error);
        message.Failed(error);
        await deadLetters.StoreAsync(message.Raw, error, (int)message.Deliveries, ct);
        await message.Raw.AckTerminateAsync(cancellationToken: ct);
    }

    /// <summary>1 s, 2 s, 4 s … up to the cap, each shortened by up to a half at random.</summary>
    private TimeSpan RetryDelay(ulong deliveries)
    {
        var seconds = Math.Min(
            Math.Pow(2, Math.Min(deliveries, 16) - 1), options.Value.MaxRetryDelay.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (1 - Random.Shared.NextDouble() / 2));
    }

    private static bool IsConflict(PostgresException failure) => failure.SqlState is
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
        or PostgresErrorCodes.UniqueViolation;

    private static bool IsOutage(Exception failure) => failure switch
    {
        PostgresException postgres => postgres.IsTransient,
        NpgsqlException npgsql => npgsql.IsTransient || npgsql.InnerException is IOException
            or SocketException or TimeoutException,
        _ => false,
    };

    [LoggerMessage(LogLevel.Warning, "A batch of {Count} messages failed and is split: {Reason}")]
    private static partial void LogSplit(ILogger logger, int count, string reason);

    [LoggerMessage(LogLevel.Debug, "Batch rolled back, trying again: {Reason}")]
    private static partial void LogConflict(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "PostgreSQL is away, messages are held: {Reason}")]
    private static partial void LogOutage(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning,
        "{Subject} {MessageId} of {Key} failed at delivery {Deliveries}, next one in {Delay}")]
    private static partial void LogRetry(
        ILogger logger, Exception failure, string subject, Guid messageId, Guid key,
        ulong deliveries, TimeSpan delay);

    [LoggerMessage(LogLevel.Error,
        "{Subject} {MessageId} of {Key} is a dead letter after {Deliveries} deliveries: {Error}")]
    private static partial void LogDead(
        ILogger logger, string subject, Guid? messageId, Guid? key, ulong deliveries,
        string error);

    [LoggerMessage(LogLevel.Error,
        "{Subject} {MessageId} of {Key} must never have come and is a dead letter: {Reason}")]
    private static partial void LogRefused(
        ILogger logger, string subject, Guid messageId, Guid key, string reason);
}

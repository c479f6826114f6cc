using System.Text.Json;
using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Contracts;
using Artesanos.Messaging.Metrics;
using Artesanos.Messaging.Outbox;
using Microsoft.Extensions.Hosting;
using NATS.Client.JetStream;
using Npgsql;
using NpgsqlTypes;

namespace Artesanos.Messaging.DeadLetters;

/// <summary>
/// Keeps what could not be handled: a row for the operator and, through the outbox of the same
/// transaction, a copy on stream <c>dlq</c>.
/// </summary>
internal sealed class DeadLetterStore(
    NpgsqlDataSource database, Outbox.Outbox outbox, IHostEnvironment environment, TimeProvider time)
{
    /// <summary>Stores a message as it arrived. Storing it twice changes nothing.</summary>
    public async Task StoreAsync(
        INatsJSMsg<byte[]> raw, string error, int attempts, CancellationToken ct)
    {
        var headers = (raw.Headers ?? []).ToDictionary(h => h.Key, h => h.Value.ToString());
        await StoreAsync(raw.Subject, raw.Data ?? [], headers, error, attempts, ct);
    }

    public async Task StoreAsync(
        string subject, byte[] payload, Dictionary<string, string> headers, string error,
        int attempts, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var id = headers.TryGetValue(MessageHeaders.MessageId, out var text)
            && Guid.TryParse(text, out var known) ? known : Guid.CreateVersion7(now);
        headers.TryGetValue(MessageHeaders.TraceParent, out var traceParent);

        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var writes = new NpgsqlBatch(connection, transaction);
        writes.BatchCommands.Add(Insert(id, subject, payload, headers, error, attempts, now));
        await outbox.CommitAsync(writes, [Copy(subject, payload, traceParent, now)], ct);
        MessagingMetrics.PutAside(subject);
    }

    /// <summary>Adds the row to a running transaction; returns the copy to publish with it.</summary>
    public OutboxMessage Refuse(NpgsqlBatch writes, Message message, string error, DateTimeOffset now)
    {
        var type = MessageTypes.Of(message.Body);
        var payload = JsonSerializer.SerializeToUtf8Bytes(message.Body, type.Json);
        var headers = new Dictionary<string, string>
        {
            [MessageHeaders.MessageId] = message.Id.ToString(),
            [MessageHeaders.Key] = message.Key.ToString(),
        };
        if (message.TraceParent is not null)
        {
            headers[MessageHeaders.TraceParent] = message.TraceParent;
        }
        writes.BatchCommands.Add(
            Insert(message.Id, message.Subject, payload, headers, error, attempts: 1, now));
        return Copy(message.Subject, payload, message.TraceParent, now);
    }

    private OutboxMessage Copy(
        string subject, byte[] payload, string? traceParent, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        return new OutboxMessage(
            id, id, $"dlq.{environment.ApplicationName.Replace('.', '_')}.{subject}", payload,
            traceParent, now);
    }

    private static NpgsqlBatchCommand Insert(
        Guid id, string subject, byte[] payload, Dictionary<string, string> headers, string error,
        int attempts, DateTimeOffset now) =>
        new("""
            INSERT INTO dead_letters
                (id, subject, payload, headers, error, attempts, failed_at, status)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 'OPEN')
            ON CONFLICT (id) DO UPDATE
            SET error = excluded.error, attempts = excluded.attempts,
                failed_at = excluded.failed_at, status = 'OPEN'
            """)
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = subject },
                new() { Value = payload },
                new()
                {
                    Value = JsonSerializer.Serialize(headers, DeadLetterJson.Default.Headers),
                    NpgsqlDbType = NpgsqlDbType.Jsonb,
                },
                new() { Value = error },
                new() { Value = attempts },
                new() { Value = now },
            },
        };
}

using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Artesanos.Messaging.Outbox;

/// <summary>
/// The way out of a service: messages are rows of the transaction that changes the state, and go
/// from memory to the publisher right after its commit. What a crash leaves behind in between,
/// the sweeper finds.
/// </summary>
public sealed class Outbox
{
    private readonly OutboxPublisher _publisher;
    private readonly TimeSpan _lease;
    private readonly TimeSpan _grace;

    internal Outbox(OutboxPublisher publisher, IOptions<MessagingOptions> options)
    {
        _publisher = publisher;
        _lease = options.Value.PublishLease;
        _grace = options.Value.OutageGrace;
    }

    /// <summary>
    /// False while messages cannot be published (NATS is away), and for a grace after: what was
    /// decided before the outage may still be on its way. Deadlines and expiries wait for it, so
    /// that an outage of ours fails no order.
    /// </summary>
    public bool DeadlinesApply => _publisher.DrainingFor >= _grace;

    /// <summary>
    /// Executes <paramref name="writes"/>, the outbox rows and the commit of their transaction in
    /// one round trip, and hands the messages to the publisher. If a statement fails the server
    /// skips the rest, so nothing is committed.
    /// </summary>
    public async Task CommitAsync(
        NpgsqlBatch writes, IReadOnlyList<OutboxMessage> messages, CancellationToken ct)
    {
        if (messages.Count > 0)
        {
            writes.BatchCommands.Add(Insert(messages));
        }
        writes.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        ct.ThrowIfCancellationRequested();
        CrashPoints.Reach(CrashPoint.BeforeCommit);
        // Not cancelled half-way: from here the outcome must be known.
        await writes.ExecuteNonQueryAsync(CancellationToken.None);
        CrashPoints.Reach(CrashPoint.AfterCommit);
        _publisher.HandOver(messages);
    }

    private NpgsqlBatchCommand Insert(IReadOnlyList<OutboxMessage> messages)
    {
        var count = messages.Count;
        var (ids, keys) = (new Guid[count], new Guid[count]);
        var (subjects, traces) = (new string[count], new string?[count]);
        var payloads = new byte[count][];
        var created = new DateTimeOffset[count];
        for (var i = 0; i < count; i++)
        {
            var message = messages[i];
            (ids[i], keys[i]) = (message.Id, message.Key);
            (subjects[i], traces[i]) = (message.Subject, message.TraceParent);
            (payloads[i], created[i]) = (message.Payload, message.CreatedAt);
        }
        return new NpgsqlBatchCommand(
            """
            INSERT INTO outbox
                (id, key, subject, payload, trace_parent, created_at, leased_until)
            SELECT *, now() + $7
            FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::text[],
                        $6::timestamptz[])
            """)
        {
            Parameters =
            {
                new() { Value = ids },
                new() { Value = keys },
                new() { Value = subjects },
                new() { Value = payloads },
                new() { Value = traces, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = created },
                new() { Value = _lease },
            },
        };
    }
}

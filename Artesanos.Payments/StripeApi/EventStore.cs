using Artesanos.Messaging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Artesanos.Payments.StripeApi;

/// <summary>
/// The table <c>stripe_events</c>: each event once, by its id, as much of it as we read.
/// Events that arrive together share one commit.
/// </summary>
internal sealed class EventStore
{
    private const int MaxBatch = 128;
    private const int MaxWaiting = 2_000;

    private readonly NpgsqlDataSource _database;
    private readonly TimeSpan _lease;
    private readonly TimeProvider _time;
    private readonly GroupCommit<(StripeEvent Event, byte[] Body), bool> _commits;

    public EventStore(
        NpgsqlDataSource database, IOptions<StripeOptions> options, TimeProvider time)
    {
        (_database, _lease, _time) = (database, options.Value.CallLease, time);
        _commits = new GroupCommit<(StripeEvent, byte[]), bool>(InsertAsync, MaxBatch, MaxWaiting);
    }

    /// <returns>
    /// Once it is committed: true when the event is to be processed, false when it was known
    /// already or is of a type that is only kept.
    /// </returns>
    /// <exception cref="OverloadedException">Too many events wait.</exception>
    public Task<bool> AddAsync(StripeEvent received, ReadOnlyMemory<byte> body) =>
        _commits.CommitAsync((received, EventExcerpt.Of(body)));

    private async Task<IReadOnlyList<bool>> InsertAsync(
        IReadOnlyList<(StripeEvent Event, byte[] Body)> items, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        await using var command = _database.CreateCommand(
            """
            INSERT INTO stripe_events
                (id, type, intent_id, body, received_at, processed_at, next_try_at, tries)
            SELECT DISTINCT ON (id) id, type, intent_id, body, $5, processed_at, $6, 0
            FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $7::timestamptz[])
                AS new (id, type, intent_id, body, processed_at)
            ORDER BY id
            ON CONFLICT (id) DO NOTHING RETURNING id
            """);
        command.Parameters.Add(new() { Value = items.Select(item => item.Event.Id).ToArray() });
        command.Parameters.Add(new() { Value = items.Select(item => item.Event.Type).ToArray() });
        command.Parameters.Add(new()
        {
            Value = items.Select(item => item.Event.IntentId).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        });
        command.Parameters.Add(new() { Value = items.Select(item => item.Body).ToArray() });
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = now + _lease });
        command.Parameters.Add(new()
        {
            Value = items.Select(item => item.Event.NeedsWork ? null : (DateTimeOffset?)now)
                .ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        });
        var added = new HashSet<string>(items.Count, StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            added.Add(reader.GetString(0));
        }
        return [.. items.Select(item => added.Remove(item.Event.Id) && item.Event.NeedsWork)];
    }

    /// <summary>
    /// Takes events whose processing is overdue; they are this process's for a lease.
    /// </summary>
    public async Task<List<(StripeEvent Event, int Tries)>> ClaimDueAsync(
        int limit, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        await using var command = _database.CreateCommand(
            """
            UPDATE stripe_events SET next_try_at = $2
            WHERE id IN (SELECT id FROM stripe_events
                         WHERE processed_at IS NULL AND next_try_at <= $1
                         ORDER BY next_try_at LIMIT $3 FOR UPDATE SKIP LOCKED)
            RETURNING body, tries
            """);
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = now + _lease });
        command.Parameters.Add(new() { Value = limit });
        var due = new List<(StripeEvent, int)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            due.Add((StripeEvent.Parse(reader.GetFieldValue<byte[]>(0)), reader.GetInt32(1)));
        }
        return due;
    }

    public static NpgsqlBatchCommand MarkProcessed(string[] ids, DateTimeOffset now) => new(
        "UPDATE stripe_events SET processed_at = $2 WHERE id = ANY($1)")
    {
        Parameters = { new() { Value = ids }, new() { Value = now } },
    };

    /// <summary>Kept for a later try, however often it has been tried.</summary>
    public static NpgsqlBatchCommand Postpone(string[] ids, DateTimeOffset[] until) => new(
        """
        UPDATE stripe_events AS e SET next_try_at = n.next_try_at, tries = e.tries + 1
        FROM unnest($1::text[], $2::timestamptz[]) AS n (id, next_try_at)
        WHERE e.id = n.id
        """)
    {
        Parameters = { new() { Value = ids }, new() { Value = until } },
    };
}

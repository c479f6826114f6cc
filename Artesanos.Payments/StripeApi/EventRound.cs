using Npgsql;
using NpgsqlTypes;

namespace Artesanos.Payments.StripeApi;

/// <summary>
/// The one row that says how far undelivered events have been read, and until when a replica
/// reads them. A round covers a span of time, newest first, in as many claims as it takes.
/// </summary>
internal sealed class EventRound
{
    public const int TheOnlyId = 1;

    public int Id { get; init; } = TheOnlyId;

    /// <summary>Until then it belongs to who claimed it.</summary>
    public required DateTimeOffset NextRunAt { get; init; }

    /// <summary>Everything Stripe created before is stored here, or was delivered.</summary>
    public DateTimeOffset? CompleteUntil { get; init; }

    /// <summary>The end of the span that the unfinished round covers.</summary>
    public DateTimeOffset? RoundUntil { get; init; }

    /// <summary>The last event that the unfinished round has read.</summary>
    public string? StartingAfter { get; init; }

    /// <returns>Null when it is not time yet or another replica is at it.</returns>
    public static async Task<EventRound?> ClaimAsync(
        NpgsqlDataSource database, DateTimeOffset now, TimeSpan lease, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO event_rounds AS r (id, next_run_at) VALUES (1, $2)
            ON CONFLICT (id) DO UPDATE SET next_run_at = excluded.next_run_at
            WHERE r.next_run_at <= $1
            RETURNING next_run_at, complete_until, round_until, starting_after
            """);
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = now + lease });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new EventRound
            {
                NextRunAt = reader.GetFieldValue<DateTimeOffset>(0),
                CompleteUntil = Time(reader, 1),
                RoundUntil = Time(reader, 2),
                StartingAfter = reader.IsDBNull(3) ? null : reader.GetString(3),
            }
            : null;
    }

    /// <summary>Stores how far it got, unless its lease ended and another one took over.</summary>
    public static async Task SaveAsync(
        NpgsqlDataSource database, EventRound claimed, EventRound reached, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE event_rounds SET next_run_at = $2, complete_until = $3, round_until = $4,
                starting_after = $5
            WHERE id = 1 AND next_run_at = $1
            """);
        command.Parameters.Add(new() { Value = claimed.NextRunAt });
        command.Parameters.Add(new() { Value = reached.NextRunAt });
        command.Parameters.Add(Nullable(reached.CompleteUntil, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(Nullable(reached.RoundUntil, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(Nullable(reached.StartingAfter, NpgsqlDbType.Text));
        await command.ExecuteNonQueryAsync(ct);
    }

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}

using System.Text.Json;
using Artesanos.Orders.Ordering;
using Npgsql;
using NpgsqlTypes;

namespace Artesanos.Orders.Saga;

/// <summary>
/// Loads and saves sagas, a whole batch per statement. This is the hot path: prepared SQL instead
/// of change tracking (docs/performance.md counts the statements).
/// </summary>
internal static class SagaStore
{
    private const string Columns =
        """
        id, customer_id, status, compensation_step, reason, lines, expected_total_minor,
        total_minor, currency, payment_method_id, reserved_until, deadline, resends, refund_owed,
        stuck_since, version, trace_parent, placed_at, state_since
        """;

    /// <summary>Locks and loads the sagas of these orders, in id order so that batches never
    /// deadlock.</summary>
    public static Task<Dictionary<Guid, OrderSaga>> LockAsync(
        NpgsqlTransaction transaction, Guid[] orderIds, CancellationToken ct) =>
        LoadAsync(transaction,
            $"SELECT {Columns} FROM orders WHERE id = ANY($1) ORDER BY id FOR UPDATE",
            [new NpgsqlParameter { Value = orderIds }], ct);

    /// <summary>Locks sagas whose deadline has passed and that nobody else works on.</summary>
    public static Task<Dictionary<Guid, OrderSaga>> LockDueAsync(
        NpgsqlTransaction transaction, DateTimeOffset now, int limit, CancellationToken ct) =>
        LoadAsync(transaction,
            $"""
            SELECT {Columns} FROM orders WHERE deadline <= $1
            ORDER BY deadline LIMIT $2 FOR UPDATE SKIP LOCKED
            """,
            [new NpgsqlParameter { Value = now }, new NpgsqlParameter { Value = limit }], ct);

    private static async Task<Dictionary<Guid, OrderSaga>> LoadAsync(
        NpgsqlTransaction transaction, string sql, NpgsqlParameter[] parameters,
        CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        command.Parameters.AddRange(parameters);
        var sagas = new Dictionary<Guid, OrderSaga>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var saga = Read(reader);
            sagas.Add(saga.OrderId, saga);
        }
        return sagas;
    }

    private static OrderSaga Read(NpgsqlDataReader row) => new()
    {
        OrderId = row.GetGuid(0),
        CustomerId = row.GetString(1),
        State = OrderStatus.State(row.GetString(2), Text(row, 3)),
        Reason = Text(row, 4),
        Lines = JsonSerializer.Deserialize(
            row.GetString(5), OrdersJson.Default.IReadOnlyListOrderedLine)!,
        ExpectedTotalMinor = row.IsDBNull(6) ? null : row.GetInt64(6),
        TotalMinor = row.IsDBNull(7) ? null : row.GetInt64(7),
        Currency = Text(row, 8),
        PaymentMethodId = Text(row, 9),
        ReservedUntil = Time(row, 10),
        Deadline = Time(row, 11),
        Resends = row.GetInt32(12),
        RefundOwed = row.GetBoolean(13),
        StuckSince = Time(row, 14),
        Version = row.GetInt32(15),
        TraceParent = Text(row, 16),
        PlacedAt = row.GetFieldValue<DateTimeOffset>(17),
        StateSince = row.GetFieldValue<DateTimeOffset>(18),
    };

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    /// <summary>
    /// Saves sagas whose rows are locked. Lines are written only when they were priced, which is
    /// when the total became known.
    /// </summary>
    public static NpgsqlBatchCommand Update(
        IReadOnlyList<(OrderSaga Saga, bool Priced)> sagas, DateTimeOffset now)
    {
        var count = sagas.Count;
        var (ids, lines) = (new Guid[count], new string?[count]);
        var (statuses, steps, reasons) =
            (new string[count], new string?[count], new string?[count]);
        var (totals, currencies) = (new long?[count], new string?[count]);
        var (reserved, deadlines, stuck) =
            (new DateTimeOffset?[count], new DateTimeOffset?[count], new DateTimeOffset?[count]);
        var (resends, versions, owed) = (new int[count], new int[count], new bool[count]);
        var since = new DateTimeOffset[count];
        for (var i = 0; i < count; i++)
        {
            var (saga, priced) = sagas[i];
            (statuses[i], steps[i]) = OrderStatus.Name(saga.State);
            (ids[i], reasons[i]) = (saga.OrderId, saga.Reason);
            lines[i] = priced ? JsonSerializer.Serialize(
                saga.Lines, OrdersJson.Default.IReadOnlyListOrderedLine) : null;
            (totals[i], currencies[i]) = (saga.TotalMinor, saga.Currency);
            (reserved[i], deadlines[i], stuck[i]) =
                (saga.ReservedUntil, saga.Deadline, saga.StuckSince);
            (resends[i], versions[i], owed[i]) = (saga.Resends, saga.Version, saga.RefundOwed);
            since[i] = saga.StateSince;
        }
        return new NpgsqlBatchCommand(
            """
            UPDATE orders AS o
            SET status = u.status, compensation_step = u.step, reason = u.reason,
                lines = coalesce(u.lines::jsonb, o.lines), total_minor = u.total,
                currency = u.currency, reserved_until = u.reserved_until, deadline = u.deadline,
                stuck_since = u.stuck_since, resends = u.resends, version = u.version,
                refund_owed = u.refund_owed, state_since = u.state_since, updated_at = $15
            FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[],
                        $6::bigint[], $7::text[], $8::timestamptz[], $9::timestamptz[],
                        $10::timestamptz[], $11::int[], $12::int[], $13::bool[],
                        $14::timestamptz[])
                AS u(id, status, step, reason, lines, total, currency, reserved_until, deadline,
                     stuck_since, resends, version, refund_owed, state_since)
            WHERE o.id = u.id
            """)
        {
            Parameters =
            {
                new() { Value = ids },
                new() { Value = statuses },
                Texts(steps),
                Texts(reasons),
                Texts(lines),
                new() { Value = totals },
                Texts(currencies),
                Times(reserved),
                Times(deadlines),
                Times(stuck),
                new() { Value = resends },
                new() { Value = versions },
                new() { Value = owed },
                new() { Value = since },
                new() { Value = now },
            },
        };
    }

    private static NpgsqlParameter Texts(string?[] values) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter Times(DateTimeOffset?[] values) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };
}

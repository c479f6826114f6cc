using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Artesanos.Inventory.Reservations;

/// <summary>
/// The statements of the hot path, each for a whole batch. Reservations are locked before
/// products and both in the order of their keys, so no two batches wait for each other in a
/// circle.
/// </summary>
internal static class ReservationSql
{
    private const string Columns =
        "order_id, state, lines, total_minor, currency, reserved_until, reason, missing";

    private const string LockProducts =
        """
        SELECT id, name, price_minor, currency, on_hand, held, artisan_sub,
            low_stock_threshold, low_since IS NOT NULL
        FROM products WHERE id = ANY
        """;

    /// <summary>
    /// Locks the reservations of <paramref name="orders"/>, then the products of
    /// <paramref name="products"/> and of what those reservations may still take or give back:
    /// one round trip.
    /// </summary>
    public static async Task<ReservationSet> LockAsync(
        NpgsqlTransaction transaction, Guid[] orders, Guid[] products, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(
                    $"""
                    SELECT {Columns} FROM reservations WHERE order_id = ANY($1)
                    ORDER BY order_id FOR UPDATE
                    """)
                {
                    Parameters = { new() { Value = orders } },
                },
                new NpgsqlBatchCommand(
                    $"""
                    {LockProducts}(ARRAY(
                        SELECT unnest($1::uuid[])
                        UNION
                        SELECT (line ->> 'productId')::uuid
                        FROM reservations, jsonb_array_elements(lines) AS line
                        WHERE order_id = ANY($2) AND state IN ('HELD', 'EXPIRED')))
                    ORDER BY id FOR UPDATE
                    """)
                {
                    Parameters = { new() { Value = products }, new() { Value = orders } },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var reservations = await ReadReservationsAsync(reader, ct);
        await reader.NextResultAsync(ct);
        return new ReservationSet(reservations, await ReadProductsAsync(reader, ct));
    }

    /// <summary>
    /// Locks up to <paramref name="limit"/> holds whose time is up. What another replica or a
    /// command is at work on is left to it.
    /// </summary>
    public static async Task<(ReservationSet Set, IReadOnlyList<Reservation> Due)> LockDueAsync(
        NpgsqlTransaction transaction, DateTimeOffset now, int limit, CancellationToken ct)
    {
        await using var claim = new NpgsqlCommand(
            $"""
            SELECT {Columns} FROM reservations
            WHERE state = 'HELD' AND reserved_until <= $1
            ORDER BY reserved_until LIMIT $2 FOR UPDATE SKIP LOCKED
            """,
            transaction.Connection, transaction)
        {
            Parameters = { new() { Value = now }, new() { Value = limit } },
        };
        List<Reservation> due;
        await using (var reader = await claim.ExecuteReaderAsync(ct))
        {
            due = await ReadReservationsAsync(reader, ct);
        }
        if (due.Count == 0)
        {
            return (new ReservationSet([], []), due);
        }
        await using var locks = new NpgsqlCommand(
            $"{LockProducts}($1) ORDER BY id FOR UPDATE", transaction.Connection, transaction)
        {
            Parameters =
            {
                new()
                {
                    Value = due.SelectMany(reservation => reservation.Lines)
                        .Select(line => line.ProductId).Distinct().ToArray(),
                },
            },
        };
        await using var products = await locks.ExecuteReaderAsync(ct);
        return (new ReservationSet(due, await ReadProductsAsync(products, ct)), due);
    }

    /// <summary>
    /// The guard against overselling: counters change only where they stay possible, and unless
    /// every product changed the statement fails and nothing is committed. (The cast of the
    /// message to a number is what fails; its text stands in the error.) Naming the ids twice
    /// keeps the planner on the key, whatever the size of the table.
    /// </summary>
    public static NpgsqlBatchCommand ChangeStock(
        IReadOnlyList<(StockChange Change, bool IsLow)> changes, DateTimeOffset now) =>
        new("""
            WITH changed AS (
                UPDATE products
                SET on_hand = products.on_hand + c.on_hand, held = products.held + c.held,
                    low_since = CASE WHEN c.is_low THEN coalesce(products.low_since, $6) END
                FROM unnest($1::uuid[], $2::int[], $3::int[], $5::bool[])
                    AS c (id, on_hand, held, is_low)
                WHERE products.id = c.id AND products.id = ANY($1)
                  AND products.on_hand + c.on_hand >= 0
                  AND products.held + c.held BETWEEN 0 AND products.on_hand + c.on_hand
                RETURNING 1)
            SELECT CASE WHEN count(*) = $4 THEN 0
                ELSE (count(*) || ' of ' || $4 || ' products had the stock')::int END
            FROM changed
            """)
        {
            Parameters =
            {
                new() { Value = changes.Select(c => c.Change.ProductId).ToArray() },
                new() { Value = changes.Select(c => c.Change.OnHand).ToArray() },
                new() { Value = changes.Select(c => c.Change.Held).ToArray() },
                new() { Value = (long)changes.Count },
                new() { Value = changes.Select(c => c.IsLow).ToArray() },
                new() { Value = now },
            },
        };

    /// <summary>
    /// Not an upsert: when another replica has just stored the same order, the key refuses the
    /// batch, and its retry finds the row.
    /// </summary>
    public static NpgsqlBatchCommand Insert(
        IReadOnlyList<Reservation> added, DateTimeOffset now) =>
        new($"""
            INSERT INTO reservations ({Columns}, created_at, updated_at)
            SELECT *, $9, $9
            FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::bigint[], $5::text[],
                        $6::timestamptz[], $7::text[], $8::jsonb[])
            """)
        {
            Parameters =
            {
                new() { Value = added.Select(r => r.OrderId).ToArray() },
                new() { Value = added.Select(r => r.State.ToString()).ToArray() },
                Jsonb(added.Select(r =>
                    JsonSerializer.Serialize(r.Lines, ReservationJson.Default.Lines))),
                new() { Value = added.Select(r => r.TotalMinor).ToArray() },
                Text(added.Select(r => r.Currency)),
                new() { Value = added.Select(r => r.ReservedUntil).ToArray() },
                Text(added.Select(r => r.Reason)),
                Jsonb(added.Select(r =>
                    JsonSerializer.Serialize(r.Missing, ReservationJson.Default.Missing))),
                new() { Value = now },
            },
        };

    /// <summary>The rows are locked, so nobody else changed them since they were read.</summary>
    public static NpgsqlBatchCommand Update(
        IReadOnlyList<Reservation> updated, DateTimeOffset now) =>
        new("""
            UPDATE reservations SET state = c.state, reason = c.reason, updated_at = $4
            FROM unnest($1::uuid[], $2::text[], $3::text[]) AS c (order_id, state, reason)
            WHERE reservations.order_id = c.order_id AND reservations.order_id = ANY($1)
            """)
        {
            Parameters =
            {
                new() { Value = updated.Select(r => r.OrderId).ToArray() },
                new() { Value = updated.Select(r => r.State.ToString()).ToArray() },
                Text(updated.Select(r => r.Reason)),
                new() { Value = now },
            },
        };

    private static NpgsqlParameter Text(IEnumerable<string?> values) => new()
    {
        Value = values.ToArray(),
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
    };

    private static NpgsqlParameter Jsonb(IEnumerable<string> values) => new()
    {
        Value = values.ToArray(),
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
    };

    private static async Task<List<Reservation>> ReadReservationsAsync(
        NpgsqlDataReader reader, CancellationToken ct)
    {
        var reservations = new List<Reservation>();
        while (await reader.ReadAsync(ct))
        {
            reservations.Add(new Reservation(
                reader.GetGuid(0),
                Enum.Parse<ReservationState>(reader.GetString(1)),
                JsonSerializer.Deserialize(reader.GetString(2), ReservationJson.Default.Lines)!,
                reader.GetInt64(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
                reader.IsDBNull(6) ? null : reader.GetString(6),
                JsonSerializer.Deserialize(reader.GetString(7), ReservationJson.Default.Missing)!));
        }
        return reservations;
    }

    private static async Task<List<ProductStock>> ReadProductsAsync(
        NpgsqlDataReader reader, CancellationToken ct)
    {
        var products = new List<ProductStock>();
        while (await reader.ReadAsync(ct))
        {
            products.Add(new ProductStock(reader.GetGuid(0), reader.GetString(1),
                reader.GetInt64(2), reader.GetString(3), reader.GetInt32(4), reader.GetInt32(5),
                reader.GetString(6), reader.GetInt32(7), reader.GetBoolean(8)));
        }
        return products;
    }
}

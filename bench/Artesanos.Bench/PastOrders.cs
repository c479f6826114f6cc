using Npgsql;

namespace Artesanos.Bench;

/// <summary>
/// Orders that ended yesterday, written by SQL with every row that they leave in the three
/// databases, so that a load meets tables as they are after years. They are in nobody's ledger and
/// in no stream, so they go again before the audit.
/// </summary>
internal static class PastOrders
{
    private const int Chunk = 20_000;

    private static readonly long LastMs =
        TimeProvider.System.GetUtcNow().AddDays(-1).ToUnixTimeMilliseconds();

    /// <summary>Ids as the services make them, in the order of their time: one millisecond each.
    /// </summary>
    private static readonly string Ids =
        $"""
        CREATE FUNCTION bench_id(i bigint, kind text) RETURNS uuid LANGUAGE sql AS
        $$ SELECT (lpad(to_hex({LastMs} - i), 12, '0') || '7' || substr(md5(i || kind), 1, 3)
            || '8' || substr(md5(i || kind), 4, 15))::uuid $$
        """;

    private const string Outbox =
        """
        INSERT INTO outbox (id, key, subject, payload, created_at, leased_until, published_at)
        SELECT bench_id(i, subject), bench_id(i, 'order'), subject,
            convert_to(repeat('x', 300), 'UTF8'), {0}, {0}, {0}
        FROM generate_series($1::bigint, $2::bigint) AS i,
            unnest(ARRAY[{1}]) AS subject
        """;

    private const string Inbox =
        """
        INSERT INTO inbox (id, handled_at)
        SELECT bench_id(i, kind), {0}
        FROM generate_series($1::bigint, $2::bigint) AS i, unnest(ARRAY[{1}]) AS kind
        """;

    private const string Yesterday = "now() - interval '1 day'";

    private static readonly string[] Orders =
    [
        $$"""
        INSERT INTO orders (id, customer_id, status, lines, total_minor, currency,
            payment_method_id, resends, refund_owed, version, table_version, placed_at,
            updated_at, state_since)
        SELECT bench_id(i, 'order'), 'past-' || i % 50000, 'COMPLETED',
            '[{"productId":"01990000-0000-7000-8000-000000000001","quantity":1},{"productId":"01990000-0000-7000-8000-000000000002","quantity":1}]',
            2000, 'EUR', 'pm_card_visa', 0, false, 5, 1, {{Yesterday}}, {{Yesterday}}, {{Yesterday}}
        FROM generate_series($1::bigint, $2::bigint) AS i
        """,
        $"""
        INSERT INTO order_history (order_id, version, status, effect, cause, message_id, at)
        SELECT bench_id(i, 'order'), version, 'COMPLETED', 'MOVED', 'InventoryCommitted',
            gen_random_uuid(), {Yesterday}
        FROM generate_series($1::bigint, $2::bigint) AS i, generate_series(1, 5) AS version
        """,
        Rows(Outbox, "a", "b", "c", "d", "e"),
        Rows(Inbox, "f", "g", "h", "i"),
    ];

    private static readonly string[] Payments =
    [
        $"""
        INSERT INTO payments (order_id, customer_id, amount_minor, currency, payment_method_id,
            attempt, status, intent_id, cancel_wanted, tries, version, created_at, updated_at)
        SELECT bench_id(i, 'order'), 'past-' || i % 50000, 2000, 'EUR', 'pm_card_visa', 0,
            'SUCCEEDED', 'pi_past' || i, false, 0, 3, {Yesterday}, {Yesterday}
        FROM generate_series($1::bigint, $2::bigint) AS i
        """,
        $"""
        INSERT INTO stripe_events
            (id, type, intent_id, body, received_at, processed_at, next_try_at, tries)
        SELECT 'evt_past' || i, 'payment_intent.succeeded', 'pi_past' || i,
            convert_to(repeat('x', 600), 'UTF8'), {Yesterday}, {Yesterday}, {Yesterday}, 0
        FROM generate_series($1::bigint, $2::bigint) AS i
        """,
        Rows(Outbox, "a", "b"),
        Rows(Inbox, "c"),
    ];

    private static readonly string[] Inventory =
    [
        $"""
        INSERT INTO reservations
            (order_id, state, lines, missing, total_minor, currency, created_at, updated_at)
        SELECT bench_id(i, 'order'), 'COMMITTED', '[]', '[]', 2000, 'EUR',
            {Yesterday}, {Yesterday}
        FROM generate_series($1::bigint, $2::bigint) AS i
        """,
        Rows(Outbox, "a", "b"),
        Rows(Inbox, "c", "d"),
    ];

    private static readonly string[] Tables =
    [
        "orders.id", "order_history.order_id", "outbox.id", "inbox.id", "payments.order_id",
        "stripe_events.received_at", "reservations.order_id",
    ];

    public static Task FillAsync(BenchTarget target, int orders, CancellationToken ct) =>
        Task.WhenAll(
            FillAsync(target.Sources.Orders, Orders, orders, ct),
            FillAsync(target.Sources.Payments, Payments, orders, ct),
            FillAsync(target.Sources.Inventory, Inventory, orders, ct));

    public static async Task RemoveAsync(BenchTarget target, CancellationToken ct)
    {
        foreach (var database in target.Databases)
        {
            await using var connection = await OpenAsync(database, ct);
            foreach (var column in Tables)
            {
                var (table, key) = (column.Split('.')[0], column.Split('.')[1]);
                var before = key == "received_at" ? "now() - interval '12 hours'"
                    : "bench_id(-1, '')";
                await ExecuteAsync(connection,
                    $"""
                    DO $$ BEGIN IF to_regclass('{table}') IS NOT NULL THEN
                        DELETE FROM {table} WHERE {key} < {before};
                    END IF; END $$
                    """, ct);
            }
        }
    }

    private static async Task FillAsync(
        string database, string[] statements, int orders, CancellationToken ct)
    {
        await using var connection = await OpenAsync(database, ct);
        await ExecuteAsync(connection, Ids, ct);
        for (var first = 1; first <= orders; first += Chunk)
        {
            foreach (var sql in statements)
            {
                await ExecuteAsync(
                    connection, sql, ct, (long)first, Math.Min(first + Chunk - 1L, orders));
            }
            await Console.Error.WriteLineAsync(
                $"{connection.Database}: {Math.Min(first + Chunk - 1, orders)} past orders");
        }
        await ExecuteAsync(connection, "VACUUM ANALYZE", ct);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(ct);
        await ExecuteAsync(connection, "SET synchronous_commit TO off", ct);
        return connection;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken ct, params long[] range)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 900 };
        foreach (var bound in range)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = bound });
        }
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string Rows(string insert, params string[] kinds) => insert
        .Replace("{0}", Yesterday, StringComparison.Ordinal)
        .Replace("{1}", string.Join(", ", kinds.Select(kind => $"'{kind}'")),
            StringComparison.Ordinal);
}

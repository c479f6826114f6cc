using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace Artesanos.Audit;

/// <summary>Reads the three databases and the ledger. Each database is one snapshot.</summary>
internal static class FactReader
{
    public static async Task<Facts> ReadAsync(AuditSources sources, CancellationToken ct)
    {
        await using var orders = NpgsqlDataSource.Create(sources.Orders);
        await using var payments = NpgsqlDataSource.Create(sources.Payments);
        await using var inventory = NpgsqlDataSource.Create(sources.Inventory);

        var orderRows = await ListAsync(orders,
            """
            SELECT id, status, compensation_step, total_minor, currency, refund_owed,
                   stuck_since IS NOT NULL, version
            FROM orders
            """,
            row => new OrderFact(
                row.GetGuid(0), row.GetString(1), Text(row, 2),
                row.IsDBNull(3) ? null : row.GetInt64(3), Text(row, 4), row.GetBoolean(5),
                row.GetBoolean(6), row.GetInt32(7)), ct);
        var history = await ListAsync(orders,
            """
            SELECT order_id, version, status, compensation_step, effect
            FROM order_history ORDER BY order_id, version
            """,
            row => new HistoryFact(
                row.GetGuid(0), row.GetInt32(1), row.GetString(2), Text(row, 3),
                row.GetString(4)), ct);
        var paymentRows = await ListAsync(payments,
            "SELECT order_id, status, amount_minor, currency FROM payments",
            row => new PaymentFact(
                row.GetGuid(0), row.GetString(1), row.GetInt64(2), row.GetString(3)), ct);
        var reservations = await ListAsync(inventory,
            "SELECT order_id, state, lines FROM reservations",
            row => new ReservationFact(
                row.GetGuid(0), row.GetString(1),
                JsonSerializer.Deserialize<JsonElement>(row.GetString(2))), ct);
        var products = await ListAsync(inventory,
            """
            SELECT p.id, p.on_hand, p.held, coalesce(sum(m.delta), 0)
            FROM products AS p LEFT JOIN stock_movements AS m ON m.product_id = p.id
            GROUP BY p.id
            """,
            row => new ProductFact(
                row.GetGuid(0), row.GetInt32(1), row.GetInt32(2), row.GetInt64(3)), ct);

        return new Facts(
            orderRows.ToDictionary(order => order.Id),
            history.ToLookup(entry => entry.OrderId),
            paymentRows.ToDictionary(payment => payment.OrderId),
            reservations.ToDictionary(reservation => reservation.OrderId),
            products,
            await MailboxAsync(orders, ct),
            await MailboxAsync(payments, ct),
            await MailboxAsync(inventory, ct),
            sources.Stripe is null ? null : await LedgerAsync(sources.Stripe, ct));
    }

    private static async Task<Mailbox> MailboxAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        var sent = await ListAsync(database,
            "SELECT id, subject, published_at IS NOT NULL FROM outbox",
            row => new MessageFact(row.GetGuid(0), row.GetString(1), row.GetBoolean(2)), ct);
        var handled = await ListAsync(
            database, "SELECT id FROM inbox", row => row.GetGuid(0), ct);
        var dead = await ListAsync(
            database, "SELECT id FROM dead_letters", row => row.GetGuid(0), ct);
        return new Mailbox(sent, [.. handled], [.. dead]);
    }

    private static async Task<Dictionary<Guid, LedgerFact>> LedgerAsync(
        Uri stripe, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = stripe };
        var ledger = await http.GetFromJsonAsync<JsonElement>("/control/ledger", ct);
        return ledger.GetProperty("orders").EnumerateArray()
            .Where(order => order.GetProperty("order_id").TryGetGuid(out _))
            .Select(order => new LedgerFact(
                order.GetProperty("order_id").GetGuid(),
                order.GetProperty("charged_minor").GetInt64(),
                order.GetProperty("refunded_minor").GetInt64(),
                order.GetProperty("charges").GetInt32(),
                order.GetProperty("intents").EnumerateArray().Any(intent =>
                    intent.GetProperty("status").GetString() is not ("canceled" or "succeeded"))))
            .ToDictionary(fact => fact.OrderId);
    }

    private static async Task<List<T>> ListAsync<T>(
        NpgsqlDataSource database, string sql, Func<NpgsqlDataReader, T> read,
        CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 300;
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(read(reader));
        }
        return rows;
    }

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}

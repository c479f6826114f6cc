using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace Artesanos.Audit;

/// <summary>
/// Reads the three databases and the ledger. The orders' snapshot is the oldest: what the others
/// did before an order ended is then always seen.
/// </summary>
internal static class FactReader
{
    private static readonly TimeSpan LedgerTimeout = TimeSpan.FromSeconds(30);

    /// <param name="bound">How long a step may be on its way; null: nothing should be.</param>
    public static async Task<Facts> ReadAsync(
        AuditSources sources, TimeSpan? bound, CancellationToken ct)
    {
        await using var orders = await SnapshotAsync("The database of Orders", sources.Orders, ct);
        await using var payments = await SnapshotAsync(
            "The database of Payments", sources.Payments, ct);
        await using var inventory = await SnapshotAsync(
            "The database of Inventory", sources.Inventory, ct);
        // Last of all, so that Stripe knows at least what the payments tell of it.
        var ledger = sources.Stripe is null ? null : await AuditException.ReadAsync(
            "Stripe's ledger", () => LedgerAsync(sources.Stripe, ct));

        var (orderRows, history, ordersMail) = await AuditException.ReadAsync(
            "The database of Orders", () => OrdersAsync(orders, ct));
        var (paymentRows, paymentsMail) = await AuditException.ReadAsync(
            "The database of Payments", () => PaymentsAsync(payments, ct));
        var (reservations, products, inventoryMail) = await AuditException.ReadAsync(
            "The database of Inventory", () => InventoryAsync(inventory, ct));
        return new Facts(
            orderRows.ToDictionary(order => order.Id),
            history.ToLookup(entry => entry.OrderId),
            paymentRows.ToDictionary(payment => payment.OrderId),
            reservations.ToDictionary(reservation => reservation.OrderId),
            products, ordersMail, paymentsMail, inventoryMail, ledger)
        {
            ReadAt = orders.TakenAt,
            Bound = bound,
        };
    }

    private static Task<Snapshot> SnapshotAsync(
        string source, string connectionString, CancellationToken ct) =>
        AuditException.ReadAsync(source, () => Snapshot.TakeAsync(connectionString, ct));

    private static async Task<(List<OrderFact>, List<HistoryFact>, Mailbox)> OrdersAsync(
        Snapshot database, CancellationToken ct)
    {
        var orders = await database.ListAsync(
            """
            SELECT id, status, compensation_step, total_minor, currency, refund_owed,
                   stuck_since IS NOT NULL, version, deadline
            FROM orders
            """,
            row => new OrderFact(
                row.GetGuid(0), row.GetString(1), Text(row, 2),
                row.IsDBNull(3) ? null : row.GetInt64(3), Text(row, 4), row.GetBoolean(5),
                row.GetBoolean(6), row.GetInt32(7),
                row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8)), ct);
        var history = await database.ListAsync(
            """
            SELECT order_id, version, status, compensation_step, effect
            FROM order_history ORDER BY order_id, version
            """,
            row => new HistoryFact(
                row.GetGuid(0), row.GetInt32(1), row.GetString(2), Text(row, 3),
                row.GetString(4)), ct);
        return (orders, history, await MailboxAsync(database, ct));
    }

    private static async Task<(List<PaymentFact>, Mailbox)> PaymentsAsync(
        Snapshot database, CancellationToken ct)
    {
        var payments = await database.ListAsync(
            "SELECT order_id, status, amount_minor, currency FROM payments",
            row => new PaymentFact(
                row.GetGuid(0), row.GetString(1), row.GetInt64(2), row.GetString(3)), ct);
        return (payments, await MailboxAsync(database, ct));
    }

    private static async Task<(List<ReservationFact>, List<ProductFact>, Mailbox)> InventoryAsync(
        Snapshot database, CancellationToken ct)
    {
        var reservations = await database.ListAsync(
            "SELECT order_id, state, lines FROM reservations",
            row => new ReservationFact(
                row.GetGuid(0), row.GetString(1),
                JsonSerializer.Deserialize<JsonElement>(row.GetString(2))), ct);
        var products = await database.ListAsync(
            """
            SELECT p.id, p.on_hand, p.held, coalesce(sum(m.delta), 0)
            FROM products AS p LEFT JOIN stock_movements AS m ON m.product_id = p.id
            GROUP BY p.id
            """,
            row => new ProductFact(
                row.GetGuid(0), row.GetInt32(1), row.GetInt32(2), row.GetInt64(3)), ct);
        return (reservations, products, await MailboxAsync(database, ct));
    }

    private static async Task<Mailbox> MailboxAsync(Snapshot database, CancellationToken ct)
    {
        var sent = await database.ListAsync(
            """
            SELECT id, key, subject, published_at IS NOT NULL, coalesce(published_at, created_at)
            FROM outbox
            """,
            row => new MessageFact(
                row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetBoolean(3),
                row.GetFieldValue<DateTimeOffset>(4)), ct);
        var handled = await database.ListAsync("SELECT id FROM inbox", row => row.GetGuid(0), ct);
        var dead = await database.ListAsync(
            "SELECT id FROM dead_letters", row => row.GetGuid(0), ct);
        return new Mailbox(sent, [.. handled], [.. dead]);
    }

    private static async Task<Dictionary<Guid, LedgerFact>> LedgerAsync(
        Uri stripe, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = stripe, Timeout = LedgerTimeout };
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

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}

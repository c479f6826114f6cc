using Npgsql;

namespace Artesanos.Dashboard.Orders;

/// <summary>Reads one order's story. A database that is away leaves its part out.</summary>
internal static class ReadOrder
{
    /// <returns>Null: there is no such order.</returns>
    /// <exception cref="NpgsqlException">The database of Orders does not answer.</exception>
    public static async Task<OrderStory?> HandleAsync(
        OrderDatabases databases, Guid id, CancellationToken ct)
    {
        var orders = await databases.ListAsync(OrderDatabases.Orders,
            "SELECT * FROM orders WHERE id = $1", Order, ct, id);
        if (orders is not [var order])
        {
            return null;
        }
        var unread = new Dictionary<string, string>();
        var history = await databases.ListAsync(OrderDatabases.Orders,
            "SELECT * FROM order_history WHERE order_id = $1 ORDER BY version", History, ct, id);
        var payments = await TryAsync(unread, OrderDatabases.Payments, name =>
            databases.ListAsync(name, "SELECT * FROM payments WHERE order_id = $1",
                Payment, ct, id));
        var refunds = await TryAsync(unread, OrderDatabases.Payments, name =>
            databases.ListAsync(name,
                "SELECT * FROM refunds WHERE order_id = $1 ORDER BY id", Refund, ct, id));
        var events = payments is not [{ IntentId: { } intent }] ? []
            : await TryAsync(unread, OrderDatabases.Payments, name => databases.ListAsync(name,
                "SELECT * FROM stripe_events WHERE intent_id = $1 ORDER BY received_at",
                StripeEvent, ct, intent));
        var holds = await TryAsync(unread, OrderDatabases.Inventory, name =>
            databases.ListAsync(name, "SELECT * FROM reservations WHERE order_id = $1",
                Hold, ct, id));
        return new()
        {
            Order = order,
            History = history,
            Messages = await OrderMessages.ReadAsync(databases, order, unread, ct),
            Payment = payments.FirstOrDefault(),
            Refunds = refunds,
            StripeEvents = events,
            Hold = holds.FirstOrDefault(),
            Unread = unread,
        };
    }

    public static async Task<List<T>> TryAsync<T>(
        Dictionary<string, string> unread, string database, Func<string, Task<List<T>>> read)
    {
        if (unread.ContainsKey(database))
        {
            return [];
        }
        try
        {
            return await read(database);
        }
        catch (NpgsqlException failure)
        {
            unread[database] = failure.Message;
            return [];
        }
    }

    private static OrderRow Order(NpgsqlDataReader row) => new(
        row.Get<Guid>("id"), row.Get<string>("customer_id"), row.Get<string>("status"),
        row.Text("compensation_step"), row.Text("reason"), row.Get<string>("lines"),
        row.Number("expected_total_minor"), row.Number("total_minor"), row.Text("currency"),
        row.Time("reserved_until"), row.Time("deadline"), row.Get<int>("resends"),
        row.Get<bool>("refund_owed"), row.Time("stuck_since"), row.Text("trace_parent"),
        row.Get<DateTimeOffset>("placed_at"));

    private static HistoryRow History(NpgsqlDataReader row) => new(
        row.Get<int>("version"),
        row.Text("compensation_step") is { } step
            ? $"{row.Get<string>("status")}/{step}" : row.Get<string>("status"),
        row.Get<string>("effect"), row.Get<string>("cause"),
        row.Get<Guid?>("message_id"), row.Text("asked_by"), row.Get<DateTimeOffset>("at"));

    private static PaymentRow Payment(NpgsqlDataReader row) => new(
        row.Get<string>("status"), row.Get<long>("amount_minor"), row.Get<string>("currency"),
        row.Text("intent_id"), row.Get<int>("attempt"), row.Get<int>("tries"),
        row.Text("payment_method_id"), row.Get<bool>("cancel_wanted"), row.Text("cancel_reason"),
        row.Text("failure_reason"), row.Time("pay_by"), row.Time("next_try_at"),
        row.Get<DateTimeOffset>("created_at"), row.Get<DateTimeOffset>("updated_at"));

    private static RefundRow Refund(NpgsqlDataReader row) => new(
        row.Get<Guid>("id"), row.Get<string>("status"), row.Get<long>("amount_minor"),
        row.Get<string>("currency"), row.Text("stripe_refund_id"), row.Text("failure_reason"),
        row.Get<DateTimeOffset>("created_at"), row.Get<DateTimeOffset>("updated_at"));

    private static StripeEventRow StripeEvent(NpgsqlDataReader row) => new(
        row.Get<string>("id"), row.Get<string>("type"), row.Get<DateTimeOffset>("received_at"),
        row.Time("processed_at"), row.Get<int>("tries"));

    private static HoldRow Hold(NpgsqlDataReader row) => new(
        row.Get<string>("state"), row.Get<string>("lines"), row.Get<string>("missing"),
        row.Get<long>("total_minor"), row.Text("currency"), row.Time("reserved_until"),
        row.Text("reason"), row.Get<DateTimeOffset>("created_at"),
        row.Get<DateTimeOffset>("updated_at"));
}

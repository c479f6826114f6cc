using Npgsql;

namespace Artesanos.Dashboard.Orders;

/// <summary>One order of the list.</summary>
internal sealed record ListedOrder(
    Guid Id, string Status, string? Step, string? Reason, string CustomerId, long? TotalMinor,
    string? Currency, DateTimeOffset PlacedAt, DateTimeOffset? StuckSince, bool RefundOwed);

/// <summary>The latest orders, or those that are looked for.</summary>
internal static class ListOrders
{
    public const string Stuck = "stuck";
    public const int MaxOrders = 50;

    // Ids carry their time (UUIDv7): the primary key has the latest at its end.
    private const string _sql =
        """
        SELECT * FROM orders
        WHERE ($1 = '' OR status = $1 OR ($1 = 'stuck' AND stuck_since IS NOT NULL))
          AND ($2 = '' OR id::text LIKE $2 || '%' OR customer_id = $2)
        ORDER BY id DESC LIMIT $3
        """;

    /// <param name="databases">Where orders are.</param>
    /// <param name="status">A status, <see cref="Stuck"/>, or nothing for all.</param>
    /// <param name="search">Beginning of an id, or a customer.</param>
    /// <param name="ct">Ends the reading.</param>
    public static Task<List<ListedOrder>> HandleAsync(
        OrderDatabases databases, string? status, string? search, CancellationToken ct) =>
        databases.ListAsync(OrderDatabases.Orders, _sql, Read, ct,
            status ?? "", (search ?? "").Trim().ToLowerInvariant(), MaxOrders);

    private static ListedOrder Read(NpgsqlDataReader row) => new(
        row.Get<Guid>("id"), row.Get<string>("status"), row.Text("compensation_step"),
        row.Text("reason"), row.Get<string>("customer_id"), row.Number("total_minor"),
        row.Text("currency"), row.Get<DateTimeOffset>("placed_at"), row.Time("stuck_since"),
        row.Get<bool>("refund_owed"));
}

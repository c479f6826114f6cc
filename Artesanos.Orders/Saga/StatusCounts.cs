using Npgsql;

namespace Artesanos.Orders.Saga;

/// <summary>
/// How many orders are in each status, exact at any time and without counting orders: each
/// transaction adds what it changed to <c>order_status_changes</c>, where nobody waits for
/// anybody, and now and then these rows are folded into <c>order_status_counts</c>.
/// </summary>
internal static class StatusCounts
{
    /// <summary>Any constant that nothing else in this database locks.</summary>
    private const long FoldKey = 0x4172_7466;

    public const string Select =
        """
        SELECT status, sum(orders)::bigint
        FROM (SELECT status, orders FROM order_status_counts
              UNION ALL SELECT status, change FROM order_status_changes) AS counted
        GROUP BY status
        """;

    /// <summary>The statement of one transaction; null where no status changed.</summary>
    /// <param name="changes">Orders that came into a status, less those that left it.</param>
    public static NpgsqlBatchCommand? Change(IEnumerable<(string Status, int Orders)> changes)
    {
        var sums = changes.GroupBy(change => change.Status)
            .Select(same => (Status: same.Key, Sum: (long)same.Sum(change => change.Orders)))
            .Where(change => change.Sum != 0)
            .ToList();
        return sums.Count == 0 ? null : new NpgsqlBatchCommand(
            """
            INSERT INTO order_status_changes (status, change)
            SELECT * FROM unnest($1::text[], $2::bigint[])
            """)
        {
            Parameters =
            {
                new() { Value = sums.Select(change => change.Status).ToArray() },
                new() { Value = sums.Select(change => change.Sum).ToArray() },
            },
        };
    }

    /// <summary>Orders whose payment has not started, and all that went beyond.</summary>
    public static async Task<(long Waiting, long Left)> ReadLineAsync(
        NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT coalesce(sum(sum) FILTER (WHERE status = ANY($1)), 0)::bigint,
                   coalesce(sum(sum) FILTER (WHERE status <> ALL($1)), 0)::bigint
            FROM ({Select}) AS counted
            """);
        command.Parameters.Add(
            new() { Value = new[] { OrderStatus.Started, OrderStatus.StockReserved } });
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    /// <summary>One replica folds at a time; another one's turn is as good.</summary>
    public static async Task FoldAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var turn = new NpgsqlCommand(
            $"SELECT pg_try_advisory_xact_lock({FoldKey})", connection, transaction);
        if (await turn.ExecuteScalarAsync(ct) is not true)
        {
            return;
        }
        await using var fold = new NpgsqlCommand(
            """
            WITH taken AS (DELETE FROM order_status_changes RETURNING status, change)
            INSERT INTO order_status_counts AS c (status, orders)
            SELECT status, sum(change) FROM taken GROUP BY status
            ON CONFLICT (status) DO UPDATE SET orders = c.orders + excluded.orders
            """,
            connection, transaction);
        await fold.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

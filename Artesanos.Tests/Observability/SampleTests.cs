using System.Globalization;
using Artesanos.Orders.Saga;
using Aspire.Hosting.Testing;
using Npgsql;
using Xunit;

namespace Artesanos.Tests.Observability;

/// <summary>What is read for gauges is exact, and does not grow with what was sold.</summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class SampleTests(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orders_are_counted_exactly_while_replicas_fold_and_orders_move()
    {
        await using var database = await DatabaseAsync("orders");
        var product = await topology.NewProductAsync(stock: 1000, priceMinor: 500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var shopping = Task.WhenAll(Enumerable.Range(0, 60).Select(_ =>
            shopper.PlaceAsync(product, 1, Ct)));

        while (!shopping.IsCompleted)
        {
            await Task.WhenAll(FoldAsync(database), FoldAsync(database));
            Assert.Empty(await DifferencesAsync(database));
        }
        await topology.WaitUntilEndedAsync(await shopping, Ct);
        await FoldAsync(database);

        Assert.Empty(await DifferencesAsync(database));
    }

    [Theory]
    [InlineData("orders", "orders", "stuck_since IS NOT NULL")]
    [InlineData("orders", "orders", "deadline IS NOT NULL")]
    [InlineData("orders", "outbox", "published_at IS NULL")]
    [InlineData("orders", "dead_letters", "status = 'OPEN'")]
    [InlineData("inventory", "reservations", "state = 'HELD'")]
    [InlineData("inventory", "products", "low_since IS NOT NULL")]
    [InlineData("payments", "stripe_events", "processed_at IS NULL")]
    [InlineData("payments", "payments", "next_try_at IS NOT NULL")]
    public async Task What_is_open_has_an_index_of_its_own(
        string service, string table, string condition)
    {
        var indexes = await topology.QueryTextsAsync(service,
            """
            SELECT pg_get_expr(indpred, indrelid) FROM pg_index
            WHERE indrelid = $1::regclass AND indpred IS NOT NULL
            """, Ct, table);

        Assert.Contains(indexes, predicate => predicate
            .Replace("::text", "", StringComparison.Ordinal).Trim('(', ')') == condition);
    }

    private static async Task FoldAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync(Ct);
        await StatusCounts.FoldAsync(connection, Ct);
    }

    /// <summary>Statuses whose count is not what counting the rows says, at one moment.</summary>
    private static async Task<List<string>> DifferencesAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT coalesce(told.status, stored.status) || ': ' || coalesce(told.sum, 0)
                || ' told, ' || coalesce(stored.count, 0) || ' stored'
            FROM ({StatusCounts.Select}) AS told
            FULL JOIN (SELECT status, count(*) FROM orders GROUP BY status) AS stored
                ON stored.status = told.status
            WHERE coalesce(told.sum, 0) <> coalesce(stored.count, 0)
            """);
        var differences = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(Ct);
        while (await rows.ReadAsync(Ct))
        {
            differences.Add(rows.GetString(0).ToString(CultureInfo.InvariantCulture));
        }
        return differences;
    }

    private async Task<NpgsqlDataSource> DatabaseAsync(string service) => NpgsqlDataSource.Create(
        (await topology.App.GetConnectionStringAsync($"{service}-db", Ct))!);
}

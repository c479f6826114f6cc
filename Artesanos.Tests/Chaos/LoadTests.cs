using System.Diagnostics;
using Xunit;

namespace Artesanos.Tests.Chaos;

[Collection("Alone")]
[Trait("Category", "Load")]
public sealed class LoadTests(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_orders_at_once_all_end_in_time_and_the_sums_agree()
    {
        var product = await topology.NewProductAsync(stock: 60, priceMinor: 1999, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        // One order alone first: the very first request of a process pays for its start.
        await shopper.WaitForAsync(await shopper.PlaceAsync(product, 1, Ct), "COMPLETED", Ct);

        var answers = new List<TimeSpan>();
        var placed = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            var watch = Stopwatch.StartNew();
            var order = await shopper.PlaceAsync(product, 1, Ct);
            lock (answers)
            {
                answers.Add(watch.Elapsed);
            }
            return order;
        }));
        await topology.WaitUntilEndedAsync(placed, Ct);

        Assert.Equal(59L, await CountAsync("status = 'COMPLETED'", placed));
        Assert.Equal(41L, await CountAsync("reason = 'out_of_stock'", placed));
        Assert.Equal(0, await topology.AvailableAsync(product, Ct));
        var slowest = await topology.QueryAsync<double>("orders",
            """
            SELECT extract(epoch FROM max(updated_at - placed_at))::float8
            FROM orders WHERE id = ANY($1)
            """, Ct, [placed]);
        Assert.InRange(slowest, 0, 5);
        Assert.InRange(answers.Order().ElementAt(94).TotalMilliseconds, 0, 500);
        var report = await topology.AuditAsync(Ct);
        Assert.True(report.Violations.Count == 0, report.ToString());
    }

    [Fact]
    public async Task The_last_piece_is_sold_once_however_many_want_it()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 5000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);

        var placed = await Task.WhenAll(Enumerable.Range(0, 50)
            .Select(_ => shopper.PlaceAsync(product, 1, Ct)));
        await topology.WaitUntilEndedAsync(placed, Ct);

        Assert.Equal(1L, await CountAsync("status = 'COMPLETED'", placed));
        Assert.Equal(0, await topology.AvailableAsync(product, Ct));
    }

    [Fact]
    public async Task A_hundred_shoppers_for_the_last_ten_pieces_buy_exactly_ten()
    {
        var scarce = await topology.NewProductAsync(stock: 10, priceMinor: 5000, Ct);
        var plenty = await topology.NewProductAsync(stock: 1000, priceMinor: 100, Ct);
        var shoppers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => topology.NewShopperAsync(Ct)));
        var deadlocks = await DeadlocksAsync();

        // Half of the baskets name the two products the other way round.
        var placed = await Task.WhenAll(shoppers.Select((shopper, i) => shopper.PlaceAsync(
            i % 2 == 0 ? [scarce, plenty] : [plenty, scarce], Ct)));
        await topology.WaitUntilEndedAsync(placed, Ct);

        Assert.Equal(10L, await CountAsync("status = 'COMPLETED'", placed));
        Assert.Equal(90L, await CountAsync(
            "status = 'FAILED' AND reason = 'out_of_stock'", placed));
        Assert.Equal(0, await topology.AvailableAsync(scarce, Ct));
        Assert.Equal(990, await topology.AvailableAsync(plenty, Ct));
        Assert.Equal(deadlocks, await DeadlocksAsync());
        var report = await topology.AuditAsync(Ct);
        Assert.True(report.Violations.Count == 0, report.ToString());
        Array.ForEach(shoppers, shopper => shopper.Dispose());
    }

    private Task<long> CountAsync(string condition, Guid[] orders) =>
        topology.QueryAsync<long>("orders",
            $"SELECT count(*) FROM orders WHERE id = ANY($1) AND {condition}", Ct, [orders]);

    /// <summary>Of all databases since the server started.</summary>
    private Task<long> DeadlocksAsync() => topology.QueryAsync<long>("inventory",
        "SELECT coalesce(sum(deadlocks), 0)::bigint FROM pg_stat_database", Ct);
}

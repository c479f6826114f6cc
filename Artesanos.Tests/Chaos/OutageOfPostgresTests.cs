using System.Net;
using Aspire.Hosting.Testing;
using Xunit;

namespace Artesanos.Tests.Chaos;

/// <summary>PostgreSQL is away for a while: callers repeat themselves, and no order is lost.</summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class OutageOfPostgresTests(Topology topology, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] Services = ["orders", "payments", "inventory"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_PostgreSQL_a_service_is_not_ready_and_an_order_is_a_503_to_repeat()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var key = Guid.CreateVersion7();
        await using var outage = await Outage.OfAsync(topology, "postgres", Ct);

        foreach (var service in Services)
        {
            await topology.AssertHealthAsync(
                service, HttpStatusCode.ServiceUnavailable, "Unhealthy", "database");
            using var direct = topology.App.CreateHttpClient(service, "http");
            using var alive = await direct.GetAsync("/alive", Ct);
            Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        }
        using var refused = await OutageView.PostAsync(shopper, product, key);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(refused.Headers.RetryAfter);
        await outage.EndAsync(Ct);

        await topology.AssertHealthAsync("orders", HttpStatusCode.OK, "Healthy", reasonOf: null);
        var (status, order) = await OutageView.TryPlaceAsync(shopper, product, key);
        Assert.Equal(HttpStatusCode.Created, status);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);
    }

    [Fact]
    public async Task A_restart_of_PostgreSQL_costs_repetitions_and_no_order()
    {
        const int orders = 60;
        var product = await topology.NewProductAsync(stock: orders, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var repetitions = 0;

        var placing = Task.WhenAll(Enumerable.Range(0, orders).Select(async i =>
        {
            var key = Guid.CreateVersion7();
            await Task.Delay(TimeSpan.FromMilliseconds(30 * i), Ct);
            Guid order = default;
            await Eventually.TrueAsync(
                async () =>
                {
                    var (status, id) = await OutageView.TryPlaceAsync(shopper, product, key);
                    order = id;
                    if (status != HttpStatusCode.Created)
                    {
                        Interlocked.Increment(ref repetitions);
                    }
                    return status == HttpStatusCode.Created;
                },
                Patience, "the order is accepted", Ct);
            return order;
        }));
        await using (var outage = await Outage.OfAsync(topology, "postgres", Ct))
        {
            await outage.EndAsync(Ct);
        }
        var placed = await placing;

        Assert.Equal(orders, placed.Distinct().Count());
        foreach (var order in placed)
        {
            await shopper.WaitForAsync(order, "COMPLETED", Ct);
        }
        output.WriteLine($"{repetitions} repetitions for {orders} orders");
        Assert.Equal(0, await topology.AvailableAsync(product, Ct));
        await topology.AssertInvariantsAsync();
    }
}

using System.Net;
using Aspire.Hosting.Testing;
using NATS.Client.JetStream;
using Xunit;

namespace Artesanos.Tests.Chaos;

/// <summary>PostgreSQL is away for a while: callers repeat themselves, and no order is lost.</summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class OutageOfPostgresTests(Topology topology, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
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
        // By the database, since another replica of Orders may still answer 503.
        await topology.WaitUntilEndedAsync([order], Ct);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);
    }

    [Fact]
    public async Task A_message_is_held_while_PostgreSQL_is_away_and_uses_up_no_deliveries()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);
        var again = await topology.QueryAsync<byte[]>("orders",
            "SELECT payload FROM outbox WHERE key = $1 AND subject = 'inventory.commands.reserve'",
            Ct, order);
        var id = Guid.CreateVersion7();
        var before = await DeliveriesAsync();
        await using (var outage = await Outage.OfAsync(topology, "postgres", Ct))
        {
            await topology.PublishAsync("inventory.commands.reserve", again!, Ct, id);
            // Longer than the first retries would take, and than AckWait.
            await Task.Delay(TimeSpan.FromSeconds(3), Ct);
            await outage.EndAsync(Ct);
        }

        await Eventually.TrueAsync(
            () => topology.QueryAsync<bool>("inventory",
                "SELECT EXISTS (SELECT FROM inbox WHERE id = $1)", Ct, id),
            Patience, "the message is handled", Ct);
        Assert.Equal(before + 1, await DeliveriesAsync());
    }

    /// <summary>How often NATS has handed a message to Inventory, repetitions included.</summary>
    private async Task<ulong> DeliveriesAsync()
    {
        await using var connection = await topology.ConnectToNatsAsync(Ct);
        var commands = await new NatsJSContext(connection).GetConsumerAsync(
            "inventory", "inventory", Ct);
        return commands.Info.Delivered.ConsumerSeq;
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

using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Aspire.Hosting.Testing;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Xunit;

namespace Artesanos.Tests.Chaos;

/// <summary>NATS is away for a while: what still works, and what comes after.</summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class OutageOfNatsTests(Topology topology, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] Services = ["orders", "payments", "inventory"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_NATS_orders_are_accepted_and_go_on_when_it_is_back()
    {
        const int orders = 10;
        var product = await topology.NewProductAsync(stock: orders + 1, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        await shopper.WaitForAsync(await shopper.PlaceAsync(product, 1, Ct), "COMPLETED", Ct);
        await using var outage = await Outage.OfAsync(topology, "nats", Ct);
        foreach (var service in Services)
        {
            await topology.AssertHealthAsync(service, HttpStatusCode.OK, "Degraded", "nats");
        }

        var placed = await Task.WhenAll(Enumerable.Range(0, orders)
            .Select(_ => shopper.PlaceAsync(product, 1, Ct)));
        var ending = outage.EndAsync(Ct);
        var returned = await ReturnOfNatsAsync();
        await ending;

        foreach (var order in placed)
        {
            await shopper.WaitForAsync(order, "COMPLETED", Ct);
        }
        var resumed = await SinceAsync(returned, "min(at)", "status = 'STOCK_RESERVED'", placed);
        var ended = await SinceAsync(returned, "max(at)", "status = 'COMPLETED'", placed);
        output.WriteLine($"first answer {resumed:0.000} s, all ended {ended:0.000} s after NATS");
        Assert.InRange(resumed, 0, 2);
        foreach (var service in Services)
        {
            await topology.AssertHealthAsync(service, HttpStatusCode.OK, "Healthy", reasonOf: null);
        }
        await topology.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Consumers_resume_within_two_seconds_of_the_return_of_NATS()
    {
        await using var outage = await Outage.OfAsync(topology, "nats", Ct);
        foreach (var service in Services)
        {
            await topology.AssertHealthAsync(service, HttpStatusCode.OK, "Degraded", "nats");
        }

        var ending = outage.EndAsync(Ct);
        var returned = await ReturnOfNatsAsync();
        // An order that is none: a release is always taken, and its answer goes to Orders.
        var order = Guid.CreateVersion7();
        var sent = await PublishAsync(
            "inventory.commands.release", new { orderId = order, reason = "test" });
        await Eventually.TrueAsync(
            async () => await HandledAsync("inventory", sent) is not null,
            Patience, "Inventory has handled the message", Ct);
        await ending;

        var resumed = (await HandledAsync("inventory", sent))!.Value - returned;
        output.WriteLine($"Inventory handled {resumed.TotalSeconds:0.000} s after NATS");
        Assert.InRange(resumed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_deadline_waits_for_NATS_and_is_acted_on_after_it_without_other_traffic()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);
        await using var outage = await Outage.OfAsync(topology, "nats", Ct);
        await topology.AssertHealthAsync("orders", HttpStatusCode.OK, "Degraded", "nats");

        await topology.QueryAsync<object>(
            "orders", "UPDATE orders SET deadline = now() WHERE id = $1", Ct, order);
        // Two intervals of the deadlines: without the outage it would have been acted on.
        await Task.Delay(TimeSpan.FromSeconds(2.5), Ct);
        Assert.Equal("PAYMENT_PENDING",
            (await shopper.OrderAsync(order, Ct)).GetProperty("status").GetString());
        await outage.EndAsync(Ct);

        var failed = await shopper.WaitForAsync(order, "FAILED", Ct);
        Assert.Equal("payment_timeout", failed.GetProperty("reason").GetString());
        await topology.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Services_start_without_NATS_and_Orders_takes_orders()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        await using var nats = await Outage.OfAsync(topology, "nats", Ct);
        await Task.WhenAll(Services.Select(async service =>
        {
            await using var restart = await Outage.OfAsync(topology, service, Ct);
            await restart.EndAsync(Ct);
            await topology.AssertHealthAsync(service, HttpStatusCode.OK, "Degraded", "nats");
        }));

        Guid order = default;
        await Eventually.TrueAsync(
            async () =>
            {
                // The gateway leaves a replica that was away alone for a moment.
                var (status, id) = await OutageView.TryPlaceAsync(shopper, product, Guid.CreateVersion7());
                order = id;
                return status == HttpStatusCode.Created;
            },
            Patience, "an order is accepted", Ct);
        await nats.EndAsync(Ct);

        await shopper.WaitForAsync(order, "COMPLETED", Ct);
        await topology.AssertInvariantsAsync();
    }

    /// <summary>When the server's port accepts a connection again.</summary>
    private async Task<DateTimeOffset> ReturnOfNatsAsync()
    {
        var url = new Uri((await topology.App.GetConnectionStringAsync("nats", Ct))!);
        await Eventually.TrueAsync(
            async () =>
            {
                using var socket = new TcpClient();
                try
                {
                    await socket.ConnectAsync(url.Host, url.Port, Ct);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            Patience, "NATS accepts connections", Ct);
        return TimeProvider.System.GetUtcNow();
    }

    private async Task<DateTimeOffset?> HandledAsync(string service, Guid message) =>
        await topology.QueryAsync<DateTime?>(
            service, "SELECT handled_at FROM inbox WHERE id = $1", Ct, message) is { } at
            ? new DateTimeOffset(at) : null;

    /// <summary>From outside, as soon as JetStream takes it.</summary>
    private async Task<Guid> PublishAsync(string subject, object body)
    {
        var id = Guid.CreateVersion7();
        await using var connection = await topology.ConnectToNatsAsync(Ct);
        var jetStream = new NatsJSContext(connection);
        var headers = new NatsHeaders { ["Nats-Msg-Id"] = id.ToString() };
        await Eventually.TrueAsync(
            async () => (await jetStream.TryPublishAsync(
                subject, JsonSerializer.SerializeToUtf8Bytes(body), headers: headers,
                cancellationToken: Ct)) is { Success: true, Value.Error: null },
            Patience, "JetStream takes the message", Ct);
        return id;
    }

    private async Task<double> SinceAsync(
        DateTimeOffset start, string moment, string condition, Guid[] orders)
    {
        var at = await topology.QueryAsync<DateTime>("orders",
            $"SELECT {moment} FROM order_history WHERE order_id = ANY($1) AND {condition}",
            Ct, [orders]);
        return (at - start.UtcDateTime).TotalSeconds;
    }
}

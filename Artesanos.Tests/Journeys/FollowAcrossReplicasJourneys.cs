using System.Net;
using System.Net.ServerSentEvents;
using Artesanos.Gateway.Routing;
using Artesanos.Orders.Data;
using Artesanos.Orders.Live;
using Artesanos.Tests.Gateway;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Artesanos.Tests.Journeys.FollowOrderJourneys;

namespace Artesanos.Tests.Journeys;

/// <summary>
/// A gateway before two replicas of Orders that only stream: the orders are moved by a third
/// process, the one of the topology.
/// </summary>
[Trait("Category", "E2E")]
public sealed class FollowAcrossReplicasJourneys(Topology topology) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<OfflineHost<OrdersDbContext>> _replicas = [];
    private OfflineHost<DestinationsKnown> _gateway = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var database = (await topology.App.GetConnectionStringAsync("orders-db", Ct))!;
        var addresses = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var replica = new OfflineHost<OrdersDbContext>(
                ("ConnectionStrings:orders-db", database), ("Live:Heartbeat", "00:00:01"))
            {
                Keeps = typeof(ReadMoves),
            };
            _replicas.Add(replica);
            replica.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            replica.StartServer();
            using var client = replica.CreateClient();
            addresses.Add(client.BaseAddress!.ToString());
        }
        _gateway = new OfflineHost<DestinationsKnown>(
            ("services:orders:http:0", addresses[0]), ("services:orders:http:1", addresses[1]),
            ("Auth:PublicKey", OfflineHost<OrdersDbContext>.Keys.PublicKey));
        _gateway.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _gateway.StartServer();
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_stream_beats_and_goes_on_at_another_replica_when_its_own_stops()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var desk = new StripeDesk(topology);
        using var client = _gateway.CreateClient();
        client.DefaultRequestHeaders.Authorization = new(
            "Bearer", OfflineHost<OrdersDbContext>.Keys.Issue(subject: shopper.Subject));
        var order = await shopper.PlaceAsync(product, 1, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);

        using var first = await FollowAsync(client, order);
        await using var stream = await first.Content.ReadAsStreamAsync(Ct);
        var events = SseParser.Create(stream).EnumerateAsync(Ct).GetAsyncEnumerator(Ct);
        var seen = await UntilHeartbeatAsync(events);
        Assert.Empty(await UntilHeartbeatAsync(events));
        await StopServingReplicaAsync();
        // Its end is an end and not an error.
        while (await events.MoveNextAsync())
        {
        }
        await desk.PayAsync(order, Ct);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);
        using var second = await FollowAsync(client, order, seen[^1].EventId);

        Assert.Equal(["STARTED", "STOCK_RESERVED", "PAYMENT_PENDING"], seen.Select(StatusOf));
        Assert.Equal(["CONFIRMING", "COMPLETED"],
            (await ReadAsync(second, int.MaxValue)).Select(StatusOf));
    }

    private static async Task<List<SseItem<string>>> UntilHeartbeatAsync(
        IAsyncEnumerator<SseItem<string>> events)
    {
        var seen = new List<SseItem<string>>();
        while (await events.MoveNextAsync().AsTask().WaitAsync(Patience, Ct)
            && events.Current.EventType != "heartbeat")
        {
            seen.Add(events.Current);
        }
        Assert.Equal("heartbeat", events.Current.EventType);
        return seen;
    }

    private async Task StopServingReplicaAsync()
    {
        var serving = Assert.Single(_replicas, replica =>
            replica.Services.GetRequiredService<OrderWatchers>().Count == 1);
        _replicas.Remove(serving);
        await serving.DisposeAsync();
    }
}

using System.Globalization;
using Artesanos.Messaging;
using Artesanos.Messaging.Nats;
using Artesanos.Tests.Observability;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Xunit;

namespace Artesanos.Tests.Cluster;

/// <summary>Orders on three servers, while these die and come back.</summary>
[Collection("NATS cluster")]
[Trait("Category", "E2E")]
public sealed class NatsClusterTests(NatsClusterTopology topology, ITestOutputHelper output)
{
    private const string Denied = "kind=\"PermissionsViolation\"";

    private static readonly string[] Servers = ["nats-1", "nats-2", "nats-3"];
    private static readonly string[] Services = ["orders", "payments", "inventory"];

    // A new leader is elected 4 to 9 s after the old one fell silent; the rest is retries.
    private static readonly TimeSpan MostForAnElection = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orders_complete_although_each_service_has_only_its_own_user()
    {
        await using (var shopping = await SteadyShopping.StartAsync(topology, Ct))
        {
            await shopping.TimeOneAsync(Ct);
            await shopping.EndWellAsync(Ct);
        }

        await using var observer = await topology.ConnectAsUserAsync(
            "observer", "_INBOX_observer", Ct);
        var jetStream = new NatsJSContext(observer);
        foreach (var name in new[] { "orders", "payments", "inventory", "dlq", "advisories" })
        {
            var stream = await jetStream.GetStreamAsync(name, cancellationToken: Ct);
            Assert.Equal(3, stream.Info.Config.NumReplicas);
        }
        foreach (var service in Services)
        {
            var metrics = new Samples(await Scrape.ReadAsync(topology, service, Ct));
            Assert.Contains(
                metrics.Series, series => series.Contains(Denied, StringComparison.Ordinal));
            Assert.Equal(0, metrics.Sum("nats_server_errors_total", Denied));
        }
    }

    [Fact(Explicit = true)]
    [Trait("Category", "Chaos")]
    public async Task Without_the_leader_and_then_without_a_majority_no_order_is_lost()
    {
        await using var shopping = await SteadyShopping.StartAsync(topology, Ct);
        var leader = await topology.LeaderAsync("orders", Ct);
        await topology.KillAsync(leader, Ct);
        var withTwo = await shopping.TimeOneAsync(Ct);
        Assert.InRange(withTwo, TimeSpan.Zero, MostForAnElection);

        // One of three is no majority: nothing is acknowledged, and orders are accepted all the
        // same.
        var second = await topology.LeaderAsync("orders", Ct);
        await topology.KillAsync(second, Ct);
        var waiting = await shopping.PlaceAsync(Ct);
        await Task.Delay(TimeSpan.FromSeconds(2), Ct);
        Assert.Equal(1L, await topology.QueryAsync<long>("orders",
            "SELECT count(*) FROM outbox WHERE key = $1 AND published_at IS NULL "
            + "AND subject = 'orders.created'", Ct, waiting));

        var begun = TimeProvider.System.GetTimestamp();
        await topology.StartAsync(second, Ct);
        await topology.WaitUntilEndedAsync([waiting], Ct);
        var restored = TimeProvider.System.GetElapsedTime(begun);
        Assert.InRange(restored, TimeSpan.Zero, MostForAnElection);
        await topology.StartAsync(leader, Ct);

        var orders = await shopping.EndWellAsync(Ct);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{orders} orders; {withTwo.TotalSeconds:0.0} s for one placed after the leader's "
            + $"death, {restored.TotalSeconds:0.0} s after the return of the majority"));
    }

    [Fact(Explicit = true)]
    [Trait("Category", "Chaos")]
    public async Task A_rolling_restart_of_all_servers_fails_no_request_and_loses_no_order()
    {
        await using var shopping = await SteadyShopping.StartAsync(topology, Ct);
        var slowest = TimeSpan.Zero;
        foreach (var server in Servers)
        {
            await topology.StopAsync(server, Ct);
            var one = await shopping.TimeOneAsync(Ct);
            slowest = one > slowest ? one : slowest;
            await topology.StartAsync(server, Ct);
        }

        var orders = await shopping.EndWellAsync(Ct);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{orders} orders; the slowest of those placed without one server took "
            + $"{slowest.TotalSeconds:0.0} s"));
        Assert.InRange(slowest, TimeSpan.Zero, MostForAnElection);
    }

    [Fact]
    public async Task A_service_that_may_not_declare_says_what_differs_and_what_is_missing()
    {
        await using var provisioner = await topology.ConnectAsUserAsync(
            "provisioner", NatsUser.InboxOf("provisioner"), Ct);
        var single = new Messaging.Nats.Topology(
            new NatsJSContext(provisioner),
            Options.Create(new MessagingOptions { Declare = false, StreamReplicas = 1 }),
            new HostingEnvironment { ApplicationName = "Artesanos.Orders" });

        var mismatch = await Assert.ThrowsAsync<TopologyException>(() => single.EnsureAsync(Ct));
        var missing = await Assert.ThrowsAsync<NatsException>(
            () => single.EnsureConsumerAsync("orders", "nobody", "orders.*", Ct));

        Assert.Contains("'orders' has num_replicas = 3", mismatch.Message, StringComparison.Ordinal);
        Assert.Contains("provision", missing.Message, StringComparison.Ordinal);
    }
}

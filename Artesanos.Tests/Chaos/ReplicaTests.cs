using System.Net;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Chaos;

/// <summary>A system of its own with two processes of Orders, Payments and Inventory each.</summary>
public sealed class TwoReplicas : Topology
{
    public TwoReplicas()
        : base("--Replicas=2") =>
        Settings = new(Deployment.QuickDrain.Settings);
}

[CollectionDefinition("Replicas")]
public sealed class Replicas : ICollectionFixture<TwoReplicas>;

/// <summary>Two replicas of each service do the work of one: none of it twice, all of it.</summary>
[Collection("Replicas")]
[Trait("Category", "E2E")]
public sealed class ReplicaTests(TwoReplicas topology)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Services = ["orders", "payments", "inventory"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_other_replica_goes_on_when_one_of_each_service_is_killed()
    {
        await using var shopping = await Shopping.StartAsync(topology, Ct);
        foreach (var service in Services)
        {
            await topology.KillAsync($"{service}-1", Ct);
        }
        // Orders end while half of the processes are down.
        using var shopper = await topology.NewShopperAsync(Ct);
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        await shopper.WaitForAsync(await shopper.PlaceAsync(product, 1, Ct), "COMPLETED", Ct);
        foreach (var service in Services)
        {
            await topology.StartAsync($"{service}-1", Ct);
        }
        await shopping.EndWellAsync(Ct);
    }

    [Fact]
    public async Task An_idempotency_key_is_one_answer_of_all_replicas_and_after_their_deaths()
    {
        var product = await topology.NewProductAsync(stock: 10, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(_ => AnswerAsync(shopper, product)));
        await topology.KillAsync("orders-1", Ct);
        var ofSecond = await AnswerAsync(shopper, product);
        await topology.StartAsync("orders-1", Ct);
        await topology.KillAsync("orders-2", Ct);
        var ofFirst = await AnswerAsync(shopper, product);
        await topology.StartAsync("orders-2", Ct);

        var answer = Assert.Single(answers.Append(ofSecond).Append(ofFirst).Distinct());
        var order = JsonSerializer.Deserialize<JsonElement>(answer).GetProperty("id").GetGuid();
        await shopper.WaitForAsync(order, "COMPLETED", Ct);
        Assert.Equal(9, await topology.AvailableAsync(product, Ct));
    }

    [Fact]
    public async Task A_deadline_fires_once_however_many_replicas_look_for_it()
    {
        const int Orders = 150;
        var product = await topology.NewProductAsync(stock: Orders, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var orders = await Task.WhenAll(Enumerable.Range(0, Orders)
            .Select(_ => shopper.PlaceAsync(product, 1, Ct, card: null)));
        await Eventually.TrueAsync(
            async () => await CountAsync(
                "SELECT count(*) FROM orders WHERE id = ANY($1) AND status = 'PAYMENT_PENDING'",
                orders) == Orders,
            Patience, "all orders wait for their payment", Ct);

        await topology.QueryAsync<object>("orders",
            "UPDATE orders SET deadline = now() WHERE id = ANY($1)", Ct, [orders]);
        await topology.WaitUntilEndedAsync(orders, Ct);

        Assert.Equal(Orders, await CountAsync(
            """
            SELECT count(*) FROM order_history
            WHERE order_id = ANY($1) AND cause = 'DeadlinePassed' AND effect = 'MOVED'
            """, orders));
        Assert.Equal(Orders, await CountAsync(
            "SELECT count(*) FROM orders WHERE id = ANY($1) AND reason = 'payment_timeout'",
            orders));
        Assert.Equal(Orders, await topology.AvailableAsync(product, Ct));
    }

    [Fact]
    public async Task Who_pays_and_cancels_at_once_pays_for_goods_or_is_refunded_once()
    {
        const int Orders = 40;
        var product = await topology.NewProductAsync(stock: Orders, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);
        var orders = await Task.WhenAll(Enumerable.Range(0, Orders)
            .Select(_ => shopper.PlaceAsync(product, 1, Ct, card: null)));
        foreach (var order in orders)
        {
            await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);
        }

        await Task.WhenAll(orders.Select(async order =>
        {
            await stripe.PayAsync(order, Ct);
            using var cancel = await shopper.Http.PostAsync($"/orders/{order}/cancel", null, Ct);
        }));
        await topology.KillAsync("payments-1", Ct);
        await topology.StartAsync("payments-1", Ct);
        await topology.WaitUntilEndedAsync(orders, Ct);
        var report = await topology.AuditAsync(Ct);

        Assert.True(report.Violations.Count == 0, report.ToString());
        foreach (var order in orders)
        {
            var ledger = await stripe.LedgerAsync(order, Ct);
            var completed = (await shopper.OrderAsync(order, Ct))
                .GetProperty("status").GetString() == "COMPLETED";
            Assert.Equal(1000, Minor(ledger, "charged_minor"));
            Assert.Equal(completed ? 0 : 1000, Minor(ledger, "refunded_minor"));
        }
    }

    /// <summary>A request that was on its way to a killed replica is repeated, as clients
    /// do.</summary>
    private static async Task<string> AnswerAsync(Shopper shopper, Guid product)
    {
        var body = "";
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await shopper.SendAsync("key-1", product, 1, Ct);
                body = await answer.Content.ReadAsStringAsync(Ct);
                return answer.StatusCode == HttpStatusCode.Created;
            },
            Patience, "the order is answered", Ct);
        return body;
    }

    private static long Minor(JsonElement ledger, string sum) => ledger.GetProperty(sum).GetInt64();

    private Task<long> CountAsync(string sql, Guid[] orders) =>
        topology.QueryAsync<long>("orders", sql, Ct, [orders]);
}

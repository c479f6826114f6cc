using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using Npgsql;
using Xunit;

namespace Artesanos.Tests.Journeys;

[Trait("Category", "E2E")]
public sealed class IdempotencyTests(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_key_and_body_is_one_order_however_often_and_concurrently_sent()
    {
        var product = await topology.NewProductAsync(stock: 10, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => PlaceAsync(shopper, "key-1", product, 1)));

        var order = Assert.Single(answers.Distinct());
        await shopper.WaitForAsync(order.Id, "COMPLETED", Ct);
        Assert.Equal(9, await topology.AvailableAsync(product, Ct));
        Assert.Equal(order, await PlaceAsync(shopper, "key-1", product, 1));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_a_422()
    {
        var product = await topology.NewProductAsync(stock: 10, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var first = await PlaceAsync(shopper, "key-1", product, 1);

        using var second = await shopper.SendAsync("key-1", product, 2, Ct);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, second.StatusCode);
        await shopper.WaitForAsync(first.Id, "COMPLETED", Ct);
        Assert.Equal(9, await topology.AvailableAsync(product, Ct));
    }

    [Fact]
    public async Task A_key_belongs_to_its_shopper()
    {
        var product = await topology.NewProductAsync(stock: 10, priceMinor: 1000, Ct);
        using var ana = await topology.NewShopperAsync(Ct);
        using var eva = await topology.NewShopperAsync(Ct);

        var (hers, other) = (await PlaceAsync(ana, "key-1", product, 1),
            await PlaceAsync(eva, "key-1", product, 2));

        Assert.NotEqual(hers.Id, other.Id);
        await ana.WaitForAsync(hers.Id, "COMPLETED", Ct);
        await eva.WaitForAsync(other.Id, "COMPLETED", Ct);
    }

    [Fact]
    public async Task A_twin_waits_for_the_first_one_that_another_replica_is_just_storing()
    {
        var product = await topology.NewProductAsync(stock: 10, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var first = await PlaceAsync(shopper, "key-1", product, 1);
        await shopper.WaitForAsync(first.Id, "COMPLETED", Ct);
        // The other replica's transaction, from its insert to its commit.
        await using var replica = new NpgsqlConnection(
            await topology.App.GetConnectionStringAsync("orders-db", Ct) + ";Pooling=false");
        await replica.OpenAsync(Ct);
        await using var storing = await replica.BeginTransactionAsync(Ct);
        await using var insert = new NpgsqlCommand(
            """
            WITH taken AS (DELETE FROM idempotency_keys WHERE customer_id = $1 RETURNING *)
            INSERT INTO idempotency_keys (customer_id, key, request_hash, order_id, created_at)
            SELECT customer_id, 'key-2', request_hash, order_id, created_at FROM taken
            """, replica, storing);
        insert.Parameters.Add(new() { Value = shopper.Subject });
        Assert.Equal(1, await insert.ExecuteNonQueryAsync(Ct));

        var twin = PlaceAsync(shopper, "key-2", product, 1);
        await Eventually.TrueAsync(
            async () => await topology.QueryAsync<long>("orders",
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE wait_event_type = 'Lock' AND $1 = ANY(pg_blocking_pids(pid))
                """, Ct, replica.ProcessID) == 1,
            TimeSpan.FromSeconds(30), "the twin waits", Ct);
        Assert.False(twin.IsCompleted);
        await storing.CommitAsync(Ct);

        Assert.Equal(first, await twin);
        Assert.Equal(9, await topology.AvailableAsync(product, Ct));
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("")]
    public async Task A_malformed_key_is_a_400(string key)
    {
        using var shopper = await topology.NewShopperAsync(Ct);

        using var answer = await shopper.SendAsync(key, Guid.CreateVersion7(), 1, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task<(Guid Id, string PlacedAt)> PlaceAsync(
        Shopper shopper, string key, Guid product, int quantity)
    {
        using var answer = await shopper.SendAsync(key, product, quantity, Ct);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var order = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        return (order.GetProperty("id").GetGuid(), order.GetProperty("placedAt").GetString()!);
    }
}

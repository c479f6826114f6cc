using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Artesanos.Orders.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Xunit;
using Database = Artesanos.Messaging.Data.Database;

namespace Artesanos.Tests.Integration;

/// <summary>A system of its own whose services have as few connections as they may.</summary>
public sealed class TwoConnections : Topology
{
    public TwoConnections() => Settings = new() { ["Database__MaxConnections"] = "2" };
}

[Trait("Category", "Integration")]
public sealed class ConnectionPoolTests(TwoConnections topology) : IClassFixture<TwoConnections>
{
    private const int Orders = 20;
    private const int ReadsPerOrder = 5;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_finds_all_connections_in_use_waits_and_nobody_waits_for_ever()
    {
        var product = await topology.NewProductAsync(stock: Orders, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);

        // Whoever took a second connection while it had one would soon hold up everybody.
        var orders = await Task.WhenAll(Enumerable.Range(0, Orders).Select(async _ =>
        {
            var order = await shopper.PlaceAsync(product, 1, Ct);
            await Task.WhenAll(Enumerable.Range(0, ReadsPerOrder)
                .Select(_ => shopper.OrderAsync(order, Ct)));
            await shopper.WaitForAsync(order, "COMPLETED", Ct);
            return order;
        }));

        Assert.Empty(await topology.DeadLettersAsync(orders, Ct));
        // A pool keeps for minutes what it has opened.
        foreach (var service in new[] { "orders", "payments", "inventory" })
        {
            Assert.InRange(await topology.QueryAsync<long>(service,
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name LIKE 'Artesanos.%'
                """, Ct), 1, 2);
        }
    }

    [Fact]
    public async Task A_read_that_finds_no_connection_in_time_is_told_to_come_again()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        var address = $"/products/{product}";

        await using (var holder = await topology.ConnectAsync("inventory", Ct))
        {
            await using var command = new NpgsqlCommand(
                "BEGIN; LOCK TABLE products IN ACCESS EXCLUSIVE MODE", holder);
            await command.ExecuteNonQueryAsync(Ct);
            List<Task<HttpResponseMessage>> reads = [.. Enumerable.Range(0, 3)
                .Select(_ => topology.Gateway.GetAsync(address, Ct))];

            using var first = await await Task.WhenAny(reads);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, first.StatusCode);
            Assert.NotNull(first.Headers.RetryAfter);
            var problem = await first.Content.ReadFromJsonAsync<JsonElement>(Ct);
            Assert.Equal("/problems/database-away", problem.GetProperty("type").GetString());
        }

        await Eventually.TrueAsync(
            async () =>
            {
                using var again = await topology.Gateway.GetAsync(address, Ct);
                return again.StatusCode == HttpStatusCode.OK;
            },
            TimeSpan.FromSeconds(20), "the product can be read", Ct);
    }

    [Theory]
    [InlineData("", null, 30)]
    [InlineData("", "12", 12)]
    [InlineData(";Maximum Pool Size=7", "12", 7)]
    [InlineData(";MaxPoolSize=7", null, 7)]
    public void The_connection_string_has_the_last_word(string added, string? option, int expected)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:orders-db"] =
            "Host=localhost;Database=orders" + added;
        if (option is not null)
        {
            builder.Configuration["Database:MaxConnections"] = option;
        }
        Database.AddDatabase<OrdersDbContext>(builder, "orders-db");
        using var host = builder.Build();

        var database = host.Services.GetRequiredService<NpgsqlDataSource>();

        Assert.Equal(
            expected, new NpgsqlConnectionStringBuilder(database.ConnectionString).MaxPoolSize);
    }
}

using Aspire.Hosting.Testing;
using Npgsql;
using Xunit;

namespace Artesanos.Tests.Deployment;

/// <summary>A server that refuses the service's login: it is said what to mend.</summary>
public sealed class RefusedLoginTests(Topology topology)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Password=wrong", "password authentication failed for user")]
    [InlineData("Database=nowhere", "database \"nowhere\" does not exist")]
    public async Task A_refused_database_ends_the_start_and_its_last_line_has_the_cure(string wrong, string reason)
    {
        var database = new NpgsqlConnectionStringBuilder(
            await topology.App.GetConnectionStringAsync("orders-db", Ct) + ";" + wrong);

        using var process = await StartAsync(database.ConnectionString, "nats://127.0.0.1:9");

        Assert.Equal(1, await process.ExitCodeAsync(Ct));
        Assert.StartsWith(
            $"Artesanos.Orders cannot start: PostgreSQL refuses ConnectionStrings__orders-db ({reason}",
            process.Output.Split('\n')[^1]);
    }

    [Fact]
    public async Task A_refused_user_of_NATS_is_told_with_its_cure_and_orders_wait()
    {
        var nats = new UriBuilder((await topology.App.GetConnectionStringAsync("nats", Ct))!)
        {
            Password = "wrong",
        };

        using var process = await StartAsync(
            (await topology.App.GetConnectionStringAsync("orders-db", Ct))!, nats.ToString());

        await Eventually.TrueAsync(
            () => Task.FromResult(process.Output.Contains(
                "NATS does not know this service's user (Authorization Violation): put a user "
                + "and password that it knows into ConnectionStrings__nats",
                StringComparison.Ordinal)),
            Patience, () => $"it is told: {process.Output}", Ct);
    }

    private async Task<ServiceProcess> StartAsync(string database, string nats) => new(
        "orders", [], new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = FreeAddress.Http().ToString(),
            ["ConnectionStrings__orders-db"] = database,
            ["ConnectionStrings__nats"] = nats,
            ["Auth__PublicKey"] = await topology.ParameterAsync("token-public-key", Ct),
        });
}

using Artesanos.Orders.Data;
using Aspire.Hosting.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Xunit;

namespace Artesanos.Tests.Deployment;

/// <summary>
/// <c>dotnet Artesanos.X.dll provision</c> changes the schema under one role, so that the service
/// can run under another that may not.
/// </summary>
[Trait("Category", "E2E")]
public sealed class ProvisionTests(Topology topology)
{
    private const string Nowhere = "nats://127.0.0.1:1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("orders")]
    [InlineData("payments")]
    [InlineData("inventory")]
    public async Task A_service_waits_for_its_schema_and_then_works_with_its_rows_only(
        string service)
    {
        await using var database = await NewDatabaseAsync();
        var address = FreeAddress.Http();
        using var process = Start(service, [], database.AsService, Nowhere, new()
        {
            ["Database__Migrate"] = "false",
            ["ASPNETCORE_URLS"] = address.ToString(),
        });
        await ToldAsync(process, "_Initial: run");

        Assert.Equal(0, await ProvisionAsync(service, database));

        using var http = new HttpClient { BaseAddress = address };
        await Eventually.TrueAsync(
            () => AnswersAsync(http), Patience, () => $"{service} works: {process.Output}", Ct);
        foreach (var forbidden in new[]
        {
            "CREATE TABLE mine (id int)", "DROP TABLE outbox", "ALTER TABLE inbox ADD x int",
            "TRUNCATE outbox", "DELETE FROM \"__EFMigrationsHistory\"", "CREATE ROLE friend",
        })
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(() =>
                OwnedDatabase.ExecuteAsync(database.AsService, forbidden, Ct));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
        await OwnedDatabase.ExecuteAsync(database.AsService, "DELETE FROM outbox", Ct);
    }

    [Fact]
    public async Task Provisioning_twice_at_once_and_again_changes_nothing()
    {
        await using var database = await NewDatabaseAsync();

        Assert.All(
            await Task.WhenAll(
                ProvisionAsync("inventory", database), ProvisionAsync("inventory", database)),
            code => Assert.Equal(0, code));
        Assert.Equal(0, await ProvisionAsync("inventory", database));
    }

    [Theory]
    [InlineData("Orders; DROP TABLE x", "Database__ServiceRole must be a role")]
    [InlineData("nobody_of_this_name", "42704: role")]
    public async Task A_wrong_role_is_told_in_one_line_and_exits_with_1(string role, string told)
    {
        await using var database = await NewDatabaseAsync();
        using var process = Start("orders", ["provision"], database.AsMigration, Nowhere, new()
        {
            ["Database__ServiceRole"] = role,
        });

        Assert.Equal(1, await process.ExitCodeAsync(Ct).WaitAsync(Patience, Ct));
        Assert.Contains(told, process.Output);
        Assert.DoesNotContain("   at ", process.Output);
    }

    [Fact]
    public async Task A_change_of_a_table_in_use_steps_back_until_it_is_free()
    {
        await using var database = await NewDatabaseAsync();
        await MigrateUntilAsync(database, "Initial");
        await using var reader = new NpgsqlConnection(database.AsMigration);
        await reader.OpenAsync(Ct);
        await using var reading = await reader.BeginTransactionAsync(Ct);
        await using (var command = new NpgsqlCommand(
            "SELECT count(*) FROM order_history, orders", reader, reading))
        {
            await command.ExecuteScalarAsync(Ct);
        }

        using var process = StartProvision("orders", database, Nowhere);
        await ToldAsync(process, "the migration tries again");
        // Whoever comes later is not kept waiting behind the change for longer than its timeout.
        await OwnedDatabase.ExecuteAsync(
            database.AsMigration + ";Command Timeout=5",
            "SELECT count(*) FROM order_history, orders", Ct);
        await reading.CommitAsync(Ct);

        await ToldAsync(process, "The schema is that of this version.");
    }

    private async Task<OwnedDatabase> NewDatabaseAsync() => await OwnedDatabase.CreateAsync(
        (await topology.App.GetConnectionStringAsync("orders-db", Ct))!, Ct);

    private async Task<int> ProvisionAsync(string service, OwnedDatabase database)
    {
        var nats = await topology.App.GetConnectionStringAsync("nats", Ct);
        using var process = StartProvision(service, database, nats!);
        var code = await process.ExitCodeAsync(Ct).WaitAsync(Patience, Ct);
        Assert.True(code == 0, process.Output);
        return code;
    }

    private static ServiceProcess StartProvision(
        string service, OwnedDatabase database, string nats) =>
        Start(service, ["provision"], database.AsMigration, nats, new()
        {
            ["Database__ServiceRole"] = database.ServiceRole,
        });

    private static ServiceProcess Start(
        string service, string[] arguments, string connectionString, string nats,
        Dictionary<string, string> settings) =>
        new(service, arguments, new(settings)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Auth__Authority"] = "https://issuer.example",
            ["Stripe__ApiKey"] = "sk_test_nobody",
            ["Stripe__WebhookSecrets__0"] = "whsec_nobody",
            [$"ConnectionStrings__{service}-db"] = connectionString,
            ["ConnectionStrings__nats"] = nats,
        });

    /// <summary>The schema of an earlier version.</summary>
    private static async Task MigrateUntilAsync(OwnedDatabase database, string migration)
    {
        await using var context = new OrdersDbContext(
            new DbContextOptionsBuilder<OrdersDbContext>()
                .UseNpgsql(database.AsMigration).UseSnakeCaseNamingConvention().Options);
        await context.GetService<IMigrator>().MigrateAsync(migration, Ct);
    }

    private static Task ToldAsync(ServiceProcess process, string text) => Eventually.TrueAsync(
        () => Task.FromResult(process.Output.Contains(text, StringComparison.Ordinal)),
        Patience, () => $"the process tells '{text}': {process.Output}", Ct);

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/health", Ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

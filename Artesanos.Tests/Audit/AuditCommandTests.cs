using System.Text.Json;
using Artesanos.Audit;
using Aspire.Hosting.Testing;
using Npgsql;
using Xunit;

namespace Artesanos.Tests.Audit;

/// <summary>
/// The audit as operators call it: exit codes, both outputs, rights, a live system.
/// </summary>
[Trait("Category", "E2E")]
public sealed class AuditCommandTests(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--orders is not given", "(or Audit__Orders) is missing")]
    [InlineData("--verbose", "--verbose is not an option")]
    [InlineData("--orders", "needs a value")]
    [InlineData("--orders|no=such=thing", "not a PostgreSQL connection string")]
    [InlineData("--orders|Host=a|--payments|Host=a|--inventory|Host=a|--bound|soon", "duration")]
    [InlineData("--orders|Host=a|--payments|Host=a|--inventory|Host=a|--stripe-ledger|x", "URL")]
    public async Task Wrong_arguments_are_a_2_that_says_which(string line, string said)
    {
        var (code, output, error) = await RunAsync(
            line.Contains(" not ", StringComparison.Ordinal) ? [] : line.Split('|'));

        Assert.Equal(AuditCommand.NotAudited, code);
        Assert.Empty(output);
        Assert.Contains(said, error);
        Assert.Contains("Exit code", error);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_a_2_that_names_it_and_no_password()
    {
        const string nowhere = "Host=127.0.0.1;Port=1;Database=x;Username=u;Password=secreto";

        var (code, output, error) = await RunAsync(
            ["--orders", nowhere, "--payments", nowhere, "--inventory", nowhere]);

        Assert.Equal(AuditCommand.NotAudited, code);
        Assert.Empty(output);
        Assert.StartsWith("Not audited: The database of Orders does not answer", error);
        Assert.DoesNotContain("secreto", error);
    }

    [Fact]
    public void A_report_for_Prometheus_has_every_invariant_and_the_time()
    {
        var report = new AuditReport(
            new Dictionary<string, int>(), 0, LedgerRead: false, 0,
            [new Violation(2, "order 1", "charged twice"), new Violation(2, "order 2", "lost")]);

        var lines = AuditMetrics.Text(report, DateTimeOffset.FromUnixTimeSeconds(1700000000))
            .Split('\n');

        Assert.Equal(8, lines.Count(line => line.StartsWith("audit_invariant_violations{",
            StringComparison.Ordinal)));
        Assert.Contains("audit_invariant_violations{invariant=\"2\",name=\"money\"} 2", lines);
        Assert.Contains("audit_invariant_violations{invariant=\"1\",name=\"stock\"} 0", lines);
        Assert.Contains("audit_last_run_timestamp_seconds 1700000000", lines);
        Assert.Equal("", lines[^1]);
    }

    [Fact]
    public async Task A_role_that_may_only_read_audits_the_running_system_without_false_alarms()
    {
        var role = $"auditor_{Guid.CreateVersion7():N}";
        var sources = new List<string>();
        foreach (var service in new[] { "orders", "payments", "inventory" })
        {
            sources.AddRange([$"--{service}", await ReadOnlyAsync(service, role)]);
        }
        sources.AddRange(["--stripe-ledger", topology.Stripe.ToString(), "--pause", "00:00:02"]);
        var product = await topology.NewProductAsync(stock: 200, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);

        using var closing = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var buying = BuyUntilAsync(shopper, product, closing.Token);
        for (var i = 0; i < 6; i++)
        {
            var (code, output, error) = await RunAsync([.. sources, "--json"]);
            Assert.True(code == AuditCommand.Holds, output + error);
            var report = JsonDocument.Parse(output).RootElement;
            Assert.True(report.GetProperty("holds").GetBoolean());
            Assert.Empty(report.GetProperty("violations").EnumerateArray());
        }
        await closing.CancelAsync();
        var orders = await buying;

        Assert.NotEmpty(orders);
        foreach (var order in orders)
        {
            await shopper.WaitForAsync(order, "COMPLETED", Ct);
        }
        var (last, text, _) = await RunAsync(sources);
        Assert.Equal(AuditCommand.Holds, last);
        Assert.Matches("8 sale +holds", text);
    }

    [Fact]
    public async Task A_violation_is_a_1_in_both_outputs()
    {
        await using var scratch = await ScratchDatabase.CreateAsync(
            (await topology.App.GetConnectionStringAsync("orders-db", Ct))!, Ct);
        await scratch.ExecuteAsync(
            $"INSERT INTO products VALUES ('{SmallShop.Jug}', 7, 0)", Ct);
        string[] sources =
        [
            "--orders", scratch.ConnectionString, "--payments", scratch.ConnectionString,
            "--inventory", scratch.ConnectionString, "--pause", "00:00:00",
        ];

        var (code, text, _) = await RunAsync(sources);
        var (jsonCode, json, _) = await RunAsync([.. sources, "--json"]);

        Assert.Equal(AuditCommand.Violated, code);
        Assert.Contains($"VIOLATION invariant 1 (stock), product {SmallShop.Jug}", text);
        Assert.Contains("ledger was not read", text);
        Assert.Equal(AuditCommand.Violated, jsonCode);
        var report = JsonDocument.Parse(json).RootElement;
        Assert.False(report.GetProperty("holds").GetBoolean());
        var finding = Assert.Single(report.GetProperty("violations").EnumerateArray());
        Assert.Equal("stock", finding.GetProperty("name").GetString());
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(
        IReadOnlyList<string> args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await AuditCommand.RunAsync(args, output, error, Ct);
        return (code, output.ToString(), error.ToString());
    }

    private static async Task<List<Guid>> BuyUntilAsync(
        Shopper shopper, Guid product, CancellationToken closing)
    {
        var orders = new List<Guid>();
        while (!closing.IsCancellationRequested && orders.Count < 190)
        {
            orders.AddRange(await Task.WhenAll(Enumerable.Range(0, 5)
                .Select(_ => shopper.PlaceAsync(product, 1, Ct))));
        }
        return orders;
    }

    /// <summary>The role of docs/audit.md, with a connection string of its own.</summary>
    private async Task<string> ReadOnlyAsync(string service, string role)
    {
        await topology.QueryAsync<object>(service,
            $"""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                    CREATE ROLE {role} LOGIN PASSWORD 'solo-lectura';
                END IF;
            END $$;
            GRANT USAGE ON SCHEMA public TO {role};
            GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role};
            """, Ct);
        return new NpgsqlConnectionStringBuilder(
            await topology.App.GetConnectionStringAsync($"{service}-db", Ct))
        {
            Username = role,
            Password = "solo-lectura",
        }.ConnectionString;
    }
}

using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Observability;

/// <summary>What a real Prometheus sees of a running system.</summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class PrometheusTests(Topology topology, WatchedSystem system)
    : IClassFixture<WatchedSystem>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Prometheus Prometheus
    {
        get
        {
            Prometheus.Require("prometheus");
            return system.Prometheus!;
        }
    }

    [Fact]
    public async Task Every_documented_series_is_there()
    {
        var documented = DocumentedMetric.ReadAll();
        Assert.NotEmpty(documented);
        await AllHaveDataAsync(documented.Where(metric => metric.IsAlwaysThere).Select(metric =>
            metric.Type == "histogram" ? $"{metric.Name}_bucket" : metric.Name));
    }

    [Fact]
    public async Task Every_scraped_series_is_documented_with_its_type()
    {
        var documented = DocumentedMetric.ReadAll().ToDictionary(
            metric => metric.Name, metric => metric.Type);
        var told = await Prometheus.GetAsync("metadata", Ct);

        foreach (var family in system.After.Values.SelectMany(samples => samples.Families))
        {
            Assert.True(documented.ContainsKey(family), $"{family} is not in docs/metrics.md.");
        }
        foreach (var family in told.EnumerateObject())
        {
            if (documented.TryGetValue(family.Name, out var type))
            {
                Assert.Equal(type, family.Value[0].GetProperty("type").GetString());
            }
        }
    }

    [Fact]
    public void No_label_holds_what_grows_with_orders()
    {
        Prometheus.Require("prometheus");

        Assert.All(system.After.Values.SelectMany(samples => samples.Series), series =>
            Assert.DoesNotMatch(
                "[0-9a-f]{8}-[0-9a-f]{4}-|pi_[0-9a-zA-Z]{4}|evt_|shopper-|Password", series));
    }

    [Fact]
    public async Task Gauges_agree_with_the_databases()
    {
        await AgreeAsync("sum(order_status_count)", "orders", "SELECT count(*) FROM orders");
        foreach (var status in new[] { "COMPLETED", "CANCELLED", "FAILED", "PAYMENT_PENDING" })
        {
            await AgreeAsync($"order_status_count{{status=\"{status}\"}}", "orders",
                $"SELECT count(*) FROM orders WHERE status = '{status}'");
        }
        await AgreeAsync("saga_stuck", "orders",
            "SELECT count(*) FROM orders WHERE stuck_since IS NOT NULL");
        await AgreeAsync("reservation_held", "inventory",
            "SELECT count(*) FROM reservations WHERE state = 'HELD'");
        await AgreeAsync("stock_low", "inventory",
            "SELECT count(*) FROM products WHERE low_since IS NOT NULL");
        await AgreeAsync("stock_pieces{state=\"available\"}", "inventory",
            "SELECT sum(on_hand - held)::bigint FROM products");
        await AgreeAsync("stripe_webhooks_waiting", "payments",
            "SELECT count(*) FROM stripe_events WHERE processed_at IS NULL");
        foreach (var service in new[] { "orders", "payments", "inventory" })
        {
            await AgreeAsync($"outbox_size{{job=\"{service}\"}}", service,
                "SELECT count(*) FROM outbox WHERE published_at IS NULL");
            await AgreeAsync($"dead_letters_open{{job=\"{service}\"}}", service,
                "SELECT count(*) FROM dead_letters WHERE status = 'OPEN'");
            // It is PostgreSQL's estimate, which a crash of the server forgets, and which counts
            // twice what is inserted while it counts.
            await topology.QueryAsync<object>(service, "ANALYZE inbox", Ct);
            await AgreeAsync($"inbox_size{{job=\"{service}\"}}", service,
                "SELECT count(*) FROM inbox", within: 0.02);
        }
    }

    [Fact]
    public void Counters_and_histograms_count_these_orders()
    {
        Prometheus.Require("prometheus");
        void Rose(double by, string service, string name, params string[] labels) => Assert.Equal(
            by, system.After[service].Sum(name, labels) - system.Before[service].Sum(name, labels));

        Rose(6, "orders", "saga_started_total");
        Rose(3, "orders", "saga_ended_total", "outcome=\"COMPLETED\"");
        Rose(1, "orders", "saga_ended_total", "reason=\"payment_failed\"");
        Rose(1, "orders", "saga_ended_total", "reason=\"out_of_stock\"");
        Rose(1, "orders", "saga_ended_total", "reason=\"cancelled_by_customer\"");
        Rose(3, "orders", "saga_duration_seconds_count", "outcome=\"COMPLETED\"");
        Rose(6, "orders", "saga_step_duration_seconds_count", "status=\"STARTED\"");
        Rose(3 * 2500, "orders", "order_revenue_minor_total", "currency=\"EUR\"");
        Rose(6, "inventory", "event_processing_duration_seconds_count",
            "message=\"ReserveInventory\"");
        Rose(5, "inventory", "reservation_changes_total", "state=\"HELD\"");
        Rose(3, "inventory", "reservation_changes_total", "state=\"COMMITTED\"");
        Rose(1, "inventory", "reservation_changes_total", "state=\"REFUSED\"");
        Rose(3, "payments", "payment_outcomes_total", "status=\"SUCCEEDED\"");
        Rose(1, "payments", "payment_outcomes_total", "status=\"FAILED\"");
        Rose(5, "payments", "stripe_call_duration_seconds_count", "call=\"CreateIntent\"");
        Rose(3, "payments", "stripe_webhooks_total", "type=\"payment_intent.succeeded\"");
    }

    [Fact]
    public async Task Every_alert_says_how_bad_it_is_and_where_the_runbook_goes_on()
    {
        var tests = Repository.Read("deploy", "prometheus", "alerts_test.yml");
        var rules = (await Prometheus.GetAsync("rules", Ct)).GetProperty("groups")
            .EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())
            .ToList();
        Assert.All(rules, rule => Assert.Equal("ok", rule.GetProperty("health").GetString()));

        var alerts = rules.FindAll(rule => rule.GetProperty("type").GetString() == "alerting");
        Assert.NotEmpty(alerts);
        foreach (var alert in alerts)
        {
            var name = alert.GetProperty("name").GetString()!;
            var annotations = alert.GetProperty("annotations");
            Assert.Contains(alert.GetProperty("labels").GetProperty("severity").GetString(),
                new[] { "info", "warning", "critical" });
            Assert.NotEmpty(annotations.GetProperty("summary").GetString()!);
            AssertAnchor(annotations.GetProperty("runbook").GetString()!);
            Assert.Contains($"name: {name} is raised", tests, StringComparison.Ordinal);
            Assert.Contains($"name: {name} stays quiet", tests, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_query_of_the_dashboard_returns_data()
    {
        using var dashboard = JsonDocument.Parse(
            Repository.Read("deploy", "grafana", "dashboards", "artesanos.json"));
        var queries = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!)
            .ToList();
        Assert.NotEmpty(queries);
        await AllHaveDataAsync(queries);
    }

    /// <summary>A rate over a series that just appeared needs a second scrape.</summary>
    private async Task AllHaveDataAsync(IEnumerable<string> queries)
    {
        List<string> empty = [.. queries];
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (empty.Count > 0 && TimeProvider.System.GetUtcNow() < until)
        {
            List<string> still = [];
            foreach (var query in empty)
            {
                if ((await Prometheus.QueryAsync(query, Ct)).Count == 0)
                {
                    still.Add(query);
                }
            }
            empty = still;
            await Task.Delay(TimeSpan.FromMilliseconds(200), Ct);
        }
        Assert.Empty(empty);
    }

    /// <summary>Both may still move: what a test before this one left is being finished.</summary>
    /// <param name="within">The share by which an estimate may be off.</param>
    private async Task AgreeAsync(
        string expression, string service, string sql, double within = 0)
    {
        var (told, stored) = (double.NaN, double.NaN);
        await Eventually.TrueAsync(
            async () =>
            {
                stored = await topology.QueryAsync<long>(service, sql, Ct);
                told = (await Prometheus.QueryAsync($"max({expression})", Ct)).Single().Value;
                return Math.Abs(told - stored) <= within * stored;
            },
            Patience, string.Create(CultureInfo.InvariantCulture, $"{expression} agrees"), Ct);
    }

    private static void AssertAnchor(string link)
    {
        var (file, anchor) = (link.Split('#')[0], link.Split('#')[1]);
        var anchors = Repository.Read(file.Split('/')).Split('\n')
            .Where(line => line.StartsWith('#'))
            .Select(line => line.TrimStart('#', ' ').ToLowerInvariant().Replace(' ', '-'));
        Assert.Contains(anchor, anchors);
    }
}

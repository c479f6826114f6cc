using System.Globalization;
using System.Text;
using System.Text.Json;
using Artesanos.Audit;

namespace Artesanos.Bench;

/// <summary>The figures of a run. Saga times are the database's own.</summary>
internal sealed record BenchReport(
    string Command, int Orders, int Completed, int Shed, int Errors, int Violations,
    double OrdersPerSecond, double PostP50Ms, double PostP95Ms, double PostP99Ms,
    double PostMaxMs, double EventP95Ms,
    double SagaP50Ms, double SagaP95Ms, double SagaP99Ms, double SagaMaxMs,
    double ReserveP50Ms, double PayStartP50Ms, double PayP50Ms, double CommitP50Ms,
    double OrdersCommits, double PaymentsCommits, double InventoryCommits,
    double MessagesPerOrder, double WalKilobytesPerOrder, double ScannedPerOrder,
    IReadOnlyList<ProcessCpu> Cpu)
{
    /// <summary>What the database and the streams did alone in this run, if it was asked.</summary>
    public Limits? Limits { get; init; }

    public double CpuMsPerOrder => CpuOf(_ => true);

    /// <summary>Services and servers: neither Stripe's simulator nor this tool.</summary>
    public double ProductCpuMsPerOrder =>
        CpuOf(program => program.Name is not ("Artesanos.StripeSimulator" or "Artesanos.Bench"));

    private static readonly JsonSerializerOptions Indented =
        new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<BenchReport> MeasureAsync(
        BenchTarget target, BenchArguments arguments, LoadResult load, CancellationToken ct)
    {
        var audit = await SystemAudit.RunUntilQuietAsync(
            target.Sources, TimeSpan.FromSeconds(30), ct);
        foreach (var violation in audit.Violations.Take(20))
        {
            Console.Error.WriteLine(violation);
        }
        var saga = await BenchTarget.QueryAsync(target.Sources.Orders,
            """
            WITH ended AS (
                SELECT status, 1000 * extract(epoch FROM updated_at - placed_at) AS ms
                FROM orders WHERE placed_at >= $1)
            SELECT count(*), count(*) FILTER (WHERE status = 'COMPLETED'),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY ms),
                   percentile_cont(0.95) WITHIN GROUP (ORDER BY ms),
                   percentile_cont(0.99) WITHIN GROUP (ORDER BY ms), max(ms)
            FROM ended
            """, ct, load.Started);
        var steps = await BenchTarget.QueryAsync(target.Sources.Orders,
            """
            WITH steps AS (
                SELECT h.status, 1000 * extract(epoch FROM h.at - lag(h.at)
                    OVER (PARTITION BY h.order_id ORDER BY h.version)) AS ms
                FROM order_history AS h JOIN orders AS o ON o.id = h.order_id
                WHERE o.placed_at >= $1)
            SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)
                       FILTER (WHERE status = 'STOCK_RESERVED'),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)
                       FILTER (WHERE status = 'PAYMENT_PENDING'),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)
                       FILTER (WHERE status = 'CONFIRMING'),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)
                       FILTER (WHERE status = 'COMPLETED')
            FROM steps
            """, ct, load.Started);
        return new BenchReport(
            arguments.ToString(), (int)saga[0], (int)saga[1], load.Traffic.Shed,
            load.Traffic.Errors, audit.Violations.Count,
            Math.Round(saga[0] / load.Elapsed.TotalSeconds, 1),
            Answer(0.5), Answer(0.95), Answer(0.99), Answer(1), Round(load.EventP95Ms),
            Round(saga[2]), Round(saga[3]), Round(saga[4]), Round(saga[5]),
            Round(steps[0]), Round(steps[1]), Round(steps[2]), Round(steps[3]),
            PerOrder(load.Writes[0]), PerOrder(load.Writes[1]), PerOrder(load.Writes[2]),
            PerOrder(await MessagesAsync(target, load.Started, ct)),
            Math.Round(PerOrder(load.Writes[3]) / 1024), PerOrder(load.Scanned), load.Cpu);

        double PerOrder(double sum) => Math.Round(sum / saga[0], 2);

        double Answer(double quantile) => load.Traffic.Answers is { Count: > 0 } sorted
            ? Round(sorted[(int)Math.Ceiling(quantile * (sorted.Count - 1))].TotalMilliseconds) : 0;
    }

    private static async Task<double> MessagesAsync(
        BenchTarget target, DateTimeOffset since, CancellationToken ct)
    {
        var sent = 0.0;
        foreach (var database in target.Databases)
        {
            sent += (await BenchTarget.QueryAsync(
                database, "SELECT count(*) FROM outbox WHERE created_at >= $1", ct, since))[0];
        }
        return sent;
    }

    public string ToJson() => JsonSerializer.Serialize(this, Indented);

    public string ToTable()
    {
        var table = new StringBuilder();
        void Row(string name, FormattableString value) => table.AppendLine(
            CultureInfo.InvariantCulture,
            $"{name,-12} {value.ToString(CultureInfo.InvariantCulture)}");
        Row("run", $"{Command}");
        Row("orders", $"{Orders} placed, {Completed} completed, {Shed} shed, {Errors} errors");
        Row("throughput", $"{OrdersPerSecond} orders/s until the last saga had ended");
        if (Limits is { } limits)
        {
            Row("limits", $"PostgreSQL alone {limits.DatabaseOrdersPerSecond} orders/s: the saga does {Share(limits.DatabaseOrdersPerSecond)} % of it");
            Row("", $"JetStream alone {limits.PublishOrdersPerSecond} orders/s: the saga does {Share(limits.PublishOrdersPerSecond)} % of it");
        }
        Row("POST ms", $"p50 {PostP50Ms}  p95 {PostP95Ms}  p99 {PostP99Ms}  max {PostMaxMs}");
        Row("saga ms", $"p50 {SagaP50Ms}  p95 {SagaP95Ms}  p99 {SagaP99Ms}  max {SagaMaxMs}");
        Row("steps ms", $"p50: reserve {ReserveP50Ms}, start {PayStartP50Ms}, pay {PayP50Ms}, sell {CommitP50Ms}");
        Row("commits", $"{OrdersCommits} orders, {PaymentsCommits} payments, {InventoryCommits} inventory");
        Row("messages", $"{MessagesPerOrder} per order; event processing p95 {EventP95Ms} ms");
        Row("database", $"{WalKilobytesPerOrder} KiB of log per order, {ScannedPerOrder} rows read without an index");
        foreach (var program in Cpu)
        {
            var cpu = Round(program.CpuMs / Orders);
            Row("cpu, memory", $"{program.Name,-26} {cpu,5} ms/order {Round(program.MemoryMb)} MB");
        }
        Row("cpu", $"{"all of them",-26} {CpuMsPerOrder,5} ms/order");
        Row("cpu", $"{"without the load's own",-26} {ProductCpuMsPerOrder,5} ms/order");
        Row("invariants", $"{(Violations == 0 ? "hold" : $"{Violations} violations")}");
        return table.ToString();
    }

    private double CpuOf(Func<ProcessCpu, bool> programs) =>
        Round(Cpu.Where(programs).Sum(program => program.CpuMs) / Orders);

    private double Share(double limit) => Math.Round(100 * OrdersPerSecond / limit);

    private static double Round(double value) => Math.Round(value, 1);
}

using System.Diagnostics;
using System.Globalization;

namespace Artesanos.Bench;

/// <summary>What a load was answered and what it cost.</summary>
/// <param name="Elapsed">From the first POST until the last saga had ended.</param>
/// <param name="Cpu">What each program spent meanwhile.</param>
/// <param name="Writes">Commits by database, then bytes of write-ahead log.</param>
/// <param name="Scanned">Rows that PostgreSQL read without an index.</param>
/// <param name="EventP95Ms">From publish to the handler's commit, all services together.</param>
internal sealed record LoadResult(
    DateTimeOffset Started, TimeSpan Elapsed, TrafficResult Traffic,
    IReadOnlyList<ProcessCpu> Cpu, double[] Writes, double Scanned, double EventP95Ms);

/// <summary>Warms up, places the orders that count and waits until the last saga has ended.</summary>
internal static class SagaLoad
{
    public static async Task<LoadResult> RunAsync(
        BenchTarget target, BenchArguments arguments, CancellationToken ct)
    {
        if (arguments.Past > 0)
        {
            await PastOrders.FillAsync(target, arguments.Past, ct);
        }
        await new OrderTraffic(target, arguments with { Clients = 64, Wait = false })
            .ByClientsAsync(arguments.Warmup, ct);
        await WaitUntilEndedAsync(target, "warming up", ct);
        await target.FailAsync(arguments.FailurePercent / 100, ct);

        var cpu = ProcessCpu.Snapshot().ToDictionary(program => program.Name);
        var writes = await WritesAsync(target, ct);
        var scanned = await ScannedAsync(target, ct);
        var events = await EventTimes.ReadAsync(target, ct);
        var started = TimeProvider.System.GetUtcNow();
        var watch = Stopwatch.StartNew();
        var traffic = new OrderTraffic(target, arguments);
        var placing = arguments.Rate is { } rate
            ? traffic.ByRateAsync(arguments.Orders, rate, ct)
            : traffic.ByClientsAsync(arguments.Orders, ct);
        while (await Task.WhenAny(placing, Task.Delay(TimeSpan.FromSeconds(10), ct)) != placing)
        {
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{watch.Elapsed.TotalSeconds:0} s: placed {traffic.Placed} of {arguments.Orders}, "
                + $"services {Memory():0} MB"));
        }
        var result = await placing;
        await WaitUntilEndedAsync(target, "ending", ct);
        var elapsed = watch.Elapsed;
        var after = await WritesAsync(target, ct);
        var scannedAfter = await ScannedAsync(target, ct);
        var cpuAfter = ProcessCpu.Snapshot();
        var eventP95 = (await EventTimes.ReadAsync(target, ct)).Since(events).QuantileMs(0.95);
        if (arguments.Past > 0)
        {
            await PastOrders.RemoveAsync(target, ct);
        }
        return new LoadResult(
            started, elapsed, result,
            [.. cpuAfter.Select(program => program with
            {
                CpuMs = program.CpuMs - (cpu.GetValueOrDefault(program.Name)?.CpuMs ?? 0),
            })],
            [.. after.Zip(writes, (end, start) => end - start)],
            scannedAfter - scanned, eventP95);
    }

    /// <summary>Orders, Payments and Inventory together, as they are now.</summary>
    private static double Memory() => ProcessCpu.Snapshot()
        .Where(program => program.Name is "Artesanos.Orders" or "Artesanos.Payments"
            or "Artesanos.Inventory")
        .Sum(program => program.MemoryMb);

    /// <summary>Commits in orders, payments and inventory, and bytes of write-ahead log.</summary>
    private static Task<double[]> WritesAsync(BenchTarget target, CancellationToken ct) =>
        BenchTarget.QueryAsync(target.Sources.Orders,
            """
            SELECT sum(xact_commit) FILTER (WHERE datname = 'orders'),
                   sum(xact_commit) FILTER (WHERE datname = 'payments'),
                   sum(xact_commit) FILTER (WHERE datname = 'inventory'),
                   pg_current_wal_lsn() - '0/0'::pg_lsn
            FROM pg_stat_database
            """, ct);

    private static async Task<double> ScannedAsync(BenchTarget target, CancellationToken ct)
    {
        var rows = 0.0;
        foreach (var database in target.Databases)
        {
            rows += (await BenchTarget.QueryAsync(
                database, "SELECT sum(seq_tup_read) FROM pg_stat_user_tables", ct))[0];
        }
        return rows;
    }

    private static async Task WaitUntilEndedAsync(
        BenchTarget target, string what, CancellationToken ct)
    {
        var told = Stopwatch.StartNew();
        // Every order that has not ended has a deadline, and an index knows those.
        while ((await BenchTarget.QueryAsync(target.Sources.Orders,
            "SELECT count(*) FROM orders WHERE deadline IS NOT NULL", ct))[0] is > 0 and var open)
        {
            if (told.Elapsed.TotalSeconds >= 1)
            {
                told.Restart();
                await Console.Error.WriteLineAsync($"{what}: {open} orders are on their way");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        }
    }
}

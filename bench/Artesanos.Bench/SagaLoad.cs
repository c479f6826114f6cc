using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace Artesanos.Bench;

/// <summary>What the clients saw.</summary>
/// <param name="Answers">Time of each POST, sorted.</param>
/// <param name="Writes">Commits by database, then bytes of write-ahead log.</param>
/// <param name="Cpu">What each program spent meanwhile.</param>
/// <param name="Elapsed">From the first POST until the last saga had ended.</param>
internal sealed record LoadResult(
    DateTimeOffset Started, TimeSpan Elapsed, IReadOnlyList<TimeSpan> Answers, int Errors,
    IReadOnlyList<ProcessCpu> Cpu, double[] Writes);

/// <summary>
/// A closed loop: each client places its next order of two lines when the last one was answered.
/// </summary>
internal static class SagaLoad
{
    public static async Task<LoadResult> RunAsync(
        BenchTarget target, BenchArguments arguments, CancellationToken ct)
    {
        var resource = arguments.Gateway ? "gateway" : "orders";
        await PlaceAsync(target, resource, arguments.Warmup, arguments.Clients, ct);
        await WaitUntilEndedAsync(target, ct);

        var before = ProcessCpu.Snapshot().ToDictionary(program => program.Name);
        var writes = await WritesAsync(target, ct);
        var started = TimeProvider.System.GetUtcNow();
        var watch = Stopwatch.StartNew();
        var (answers, errors) =
            await PlaceAsync(target, resource, arguments.Orders, arguments.Clients, ct);
        await WaitUntilEndedAsync(target, ct);
        var elapsed = watch.Elapsed;
        var after = await WritesAsync(target, ct);
        return new LoadResult(started, elapsed, answers, errors,
            [.. ProcessCpu.Snapshot().Select(program => program with
            {
                CpuMs = program.CpuMs - (before.GetValueOrDefault(program.Name)?.CpuMs ?? 0),
            })],
            [.. after.Zip(writes, (end, start) => end - start)]);
    }

    private static async Task<(List<TimeSpan> Answers, int Errors)> PlaceAsync(
        BenchTarget target, string resource, int orders, int clients, CancellationToken ct)
    {
        var answers = new ConcurrentBag<TimeSpan>();
        var (placed, errors) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
        {
            using var http = target.NewClient(resource);
            var random = new Random(client);
            while (Interlocked.Increment(ref placed) <= orders)
            {
                var watch = Stopwatch.StartNew();
                using var answer = await http.PostAsJsonAsync("/orders", new
                {
                    lines = new[] { Line(), Line() },
                    paymentMethodId = "pm_card_visa",
                }, ct);
                answers.Add(watch.Elapsed);
                if (answer.StatusCode != HttpStatusCode.Created)
                {
                    Interlocked.Increment(ref errors);
                }
            }

            object Line() => new
            {
                productId = target.Products[random.Next(target.Products.Count)],
                quantity = 1,
            };
        }));
        return ([.. answers.Order()], errors);
    }

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

    private static async Task WaitUntilEndedAsync(BenchTarget target, CancellationToken ct)
    {
        // Every order that has not ended has a deadline, and an index knows those.
        while ((await BenchTarget.QueryAsync(target.Sources.Orders,
            "SELECT count(*) FROM orders WHERE deadline IS NOT NULL", ct))[0] > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        }
    }
}

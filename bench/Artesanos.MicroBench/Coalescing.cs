using Artesanos.Messaging;
using BenchmarkDotNet.Attributes;

namespace Artesanos.MicroBench;

/// <summary>
/// What it costs a caller to share its transaction with others, when the transaction itself costs
/// nothing: the way of every POST and of every answer of Stripe to the database.
/// </summary>
public class Coalescing
{
    private const int Callers = 64;

    private readonly GroupCommit<int, int> _commits = new(
        async (items, _) =>
        {
            await Task.Yield();
            return items;
        },
        maxBatch: 128, maxWaiting: 1000);

    [Benchmark(OperationsPerInvoke = Callers)]
    public Task HandOver() =>
        Task.WhenAll(Enumerable.Range(0, Callers).Select(_commits.CommitAsync));
}

using Xunit;

namespace Artesanos.Tests.Chaos;

/// <summary>What must hold for orders that were placed while something went wrong.</summary>
internal static class GoodEnd
{
    /// <summary>Every order ends, nothing is left over, and the books agree.</summary>
    public static async Task EndWellAsync(
        this Topology topology, Guid[] orders, CancellationToken ct)
    {
        Assert.NotEmpty(orders);
        await topology.WaitUntilEndedAsync(orders, ct);
        var report = await topology.AuditAsync(ct);
        Assert.True(report.Violations.Count == 0, report.ToString());
        Assert.Empty(await topology.DeadLettersAsync(orders, ct));
    }

    /// <summary>Likewise, and none was undone.</summary>
    public static async Task CompleteAsync(
        this Topology topology, Guid[] orders, CancellationToken ct)
    {
        await topology.EndWellAsync(orders, ct);
        Assert.Equal((long)orders.Length, await topology.QueryAsync<long>("orders",
            "SELECT count(*) FROM orders WHERE id = ANY($1) AND status = 'COMPLETED'",
            ct, [orders]));
    }
}

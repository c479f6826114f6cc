using Xunit;

namespace Artesanos.Tests.Cluster;

/// <summary>
/// Orders that keep coming, each answered with 201 at the first try: while NATS is away a request
/// has no reason to fail.
/// </summary>
internal sealed class SteadyShopping : IAsyncDisposable
{
    private const int Clients = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _enough = new();
    private readonly NatsClusterTopology _topology;
    private readonly Shopper _shopper;
    private readonly Guid _product;
    private readonly Task<List<Guid>[]> _orders;

    private SteadyShopping(NatsClusterTopology topology, Shopper shopper, Guid product)
    {
        (_topology, _shopper, _product) = (topology, shopper, product);
        _orders = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ShopAsync()));
    }

    public static async Task<SteadyShopping> StartAsync(
        NatsClusterTopology topology, CancellationToken ct)
    {
        var product = await topology.NewProductAsync(stock: 100_000, priceMinor: 1000, ct);
        var shopper = await topology.NewShopperAsync(ct);
        // One order alone first: the very first request of a process pays for its start.
        await shopper.WaitForAsync(await shopper.PlaceAsync(product, 1, ct), "COMPLETED", ct);
        return new(topology, shopper, product);
    }

    public Task<Guid> PlaceAsync(CancellationToken ct) => _shopper.PlaceAsync(_product, 1, ct);

    /// <summary>How long an order that is placed now takes to its end.</summary>
    public async Task<TimeSpan> TimeOneAsync(CancellationToken ct)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var order = await PlaceAsync(ct);
        await _topology.WaitUntilEndedAsync([order], ct, EndPatience);
        return TimeProvider.System.GetElapsedTime(begun);
    }

    /// <summary>Nobody orders any more, every order completes, and the books agree.</summary>
    /// <returns>How many orders.</returns>
    public async Task<int> EndWellAsync(CancellationToken ct)
    {
        await _enough.CancelAsync();
        Guid[] orders = [.. (await _orders).SelectMany(placed => placed)];
        Assert.NotEmpty(orders);
        await _topology.WaitUntilEndedAsync(orders, ct, EndPatience);
        Assert.Equal((long)orders.Length, await _topology.QueryAsync<long>("orders",
            "SELECT count(*) FROM orders WHERE id = ANY($1) AND status = 'COMPLETED'",
            ct, [orders]));
        var report = await _topology.AuditAsync(ct);
        Assert.True(report.Violations.Count == 0, report.ToString());
        Assert.Empty(await _topology.DeadLettersAsync(orders, ct));
        return orders.Length;
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await ((Task)_orders).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _shopper.Dispose();
        _enough.Dispose();
    }

    private async Task<List<Guid>> ShopAsync()
    {
        var placed = new List<Guid>();
        while (!_enough.IsCancellationRequested)
        {
            placed.Add(await PlaceAsync(TestContext.Current.CancellationToken));
            await Task.Delay(Pause, _enough.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return placed;
    }
}

using Artesanos.Tests.Chaos;
using Artesanos.Tests.Deployment;

namespace Artesanos.Tests.Cluster;

/// <summary>
/// Orders that keep coming, each request answered at the first try: while NATS is away none has a
/// reason to fail.
/// </summary>
internal sealed class SteadyShopping : IAsyncDisposable
{
    private readonly NatsClusterTopology _topology;
    private readonly Shopper _shopper;
    private readonly Guid _product;
    private readonly ExactingShoppers _others;

    private SteadyShopping(NatsClusterTopology topology, Shopper shopper, Guid product)
    {
        (_topology, _shopper, _product) = (topology, shopper, product);
        _others = new ExactingShoppers(shopper.Http, product);
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
        await _topology.WaitUntilEndedAsync([await PlaceAsync(ct)], ct);
        return TimeProvider.System.GetElapsedTime(begun);
    }

    /// <summary>Nobody orders any more, every order completes, and the books agree.</summary>
    /// <returns>How many orders.</returns>
    public async Task<int> EndWellAsync(CancellationToken ct)
    {
        var orders = await _others.EndAsync();
        await _topology.CompleteAsync(orders, ct);
        return orders.Length;
    }

    public async ValueTask DisposeAsync()
    {
        await _others.DisposeAsync();
        _shopper.Dispose();
    }
}

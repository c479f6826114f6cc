using Xunit;

namespace Artesanos.Tests.Chaos;

/// <summary>Shoppers that go on ordering while a test does its worst, until it is enough.</summary>
internal sealed class Shopping : IAsyncDisposable
{
    private const int Clients = 4;

    private readonly CancellationTokenSource _enough = new();
    private readonly CancellationTokenSource _failed =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Topology _topology;
    private readonly Shopper _shopper;
    private readonly Task<List<Guid>[]> _orders;

    private Shopping(Topology topology, Shopper shopper, Guid product)
    {
        (_topology, _shopper) = (topology, shopper);
        _orders = Task.WhenAll(Enumerable.Range(0, Clients).Select(client =>
            new PatientShopper(shopper, [product], new Random(client))
                .ShopAsync(_ => !_enough.IsCancellationRequested, _failed.Token)));
    }

    public static async Task<Shopping> StartAsync(Topology topology, CancellationToken ct) => new(
        topology, await topology.NewShopperAsync(ct),
        await topology.NewProductAsync(stock: 100_000, priceMinor: 1000, ct));

    /// <summary>
    /// Nobody orders any more, every order comes to its end, and the books agree.
    /// </summary>
    public async Task EndWellAsync(CancellationToken ct)
    {
        await _enough.CancelAsync();
        await _topology.EndWellAsync([.. (await _orders).SelectMany(placed => placed)], ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _failed.CancelAsync();
        await ((Task)_orders).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _shopper.Dispose();
        _enough.Dispose();
        _failed.Dispose();
    }
}

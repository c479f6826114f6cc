namespace Artesanos.Tests;

/// <summary>A stopped resource, which is started again even if the test fails meanwhile.</summary>
internal sealed class Outage : IAsyncDisposable
{
    private readonly Topology _topology;
    private readonly string _resource;
    private bool _over;

    private Outage(Topology topology, string resource)
    {
        (_topology, _resource) = (topology, resource);
    }

    public static async Task<Outage> OfAsync(
        Topology topology, string resource, CancellationToken ct)
    {
        await topology.StopAsync(resource, ct);
        return new Outage(topology, resource);
    }

    /// <summary>Ends when the resource is healthy again.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        _over = true;
        await _topology.StartAsync(_resource, ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_over)
        {
            await EndAsync(CancellationToken.None);
        }
    }
}

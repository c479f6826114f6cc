using System.Text.Json;

namespace Artesanos.Dashboard.Engine;

/// <summary>How the resources are now: one stream from the engine for all pages.</summary>
internal sealed class ResourceBoard(IServiceProvider services) : BackgroundService
{
    private static readonly TimeSpan _again = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResourceView> _views = [];
    private readonly List<string> _order = [];

    /// <summary>Something changed; raised on the stream's thread.</summary>
    public event Action? Changed;

    /// <summary>Whether the engine can be heard.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>In the order of AppHost.cs.</summary>
    public IReadOnlyList<ResourceView> Resources
    {
        get
        {
            lock (_gate)
            {
                return [.. _order.Select(id => _views[id])];
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException
                or JsonException)
            {
                // Only while the engine ends: it is where this process comes from.
            }
            IsConnected = false;
            Changed?.Invoke();
            await Task.Delay(_again, stoppingToken);
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        var engine = services.GetRequiredService<EngineClient>();
        await foreach (var view in engine.WatchResourcesAsync(ct))
        {
            lock (_gate)
            {
                if (!_views.ContainsKey(view.Id))
                {
                    _order.Add(view.Id);
                }
                _views[view.Id] = view;
            }
            IsConnected = true;
            Changed?.Invoke();
        }
    }
}

using Microsoft.AspNetCore.Components;

namespace Artesanos.Dashboard.Telemetry.Components;

/// <summary>
/// Lets a page draw again when a store has changed, twice a second at most however much comes.
/// </summary>
public sealed class LiveUpdate : ComponentBase, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _ending = new();
    private long _drawn;

    /// <summary>Something that grows with every change.</summary>
    [Parameter, EditorRequired]
    public Func<long> Version { get; set; } = null!;

    [Parameter, EditorRequired]
    public EventCallback OnChange { get; set; }

    [Parameter]
    public bool Paused { get; set; }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    protected override void OnInitialized()
    {
        _drawn = Version();
        _ = WatchAsync(_ending.Token);
    }

    private async Task WatchAsync(CancellationToken ct)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval);
            while (await timer.WaitForNextTickAsync(ct))
            {
                await DrawAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private async Task DrawAsync()
    {
        var version = Version();
        if (Paused || version == _drawn)
        {
            return;
        }
        _drawn = version;
        try
        {
            await InvokeAsync(OnChange.InvokeAsync);
        }
        catch (ObjectDisposedException)
        {
            // The page was left meanwhile.
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Without this a fault of a page would end its updates and nobody would know.
            await DispatchExceptionAsync(failure);
        }
    }
}

using Artesanos.Dashboard.Engine;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Artesanos.Dashboard.Pages;

/// <summary>Follows the output of one process, or of all.</summary>
public sealed partial class ConsoleLogs : IDisposable
{
    private const int _maxShown = 1_000;
    private static readonly TimeSpan _refresh = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _ending = new();
    private ConsoleTail? _tail;
    private List<ConsoleLine> _shown = [];
    private ElementReference _console;
    private string? _search;
    private LineLevel _least;
    private string _status = "";
    private long _shownReceived;
    private bool _paused;

    /// <summary>The process; all if null.</summary>
    [Parameter]
    public string? Id { get; set; }

    [Inject]
    private EngineClient Engine { get; set; } = null!;

    [Inject]
    private ResourceBoard Board { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
        _tail?.Dispose();
    }

    protected override void OnInitialized() => _ = RefreshAsync(_ending.Token);

    protected override void OnParametersSet()
    {
        _tail?.Dispose();
        string[] ids = string.IsNullOrEmpty(Id)
            ? [.. Board.Resources.Where(r => r.HasProcess).Select(r => r.Id)] : [Id];
        _tail = new ConsoleTail(Engine, ids);
        Show();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_paused && !_ending.IsCancellationRequested)
        {
            await Js.InvokeVoidAsync("dashboard.follow", _ending.Token, _console);
        }
    }

    private void Choose(ChangeEventArgs change) =>
        Navigation.NavigateTo($"console/{change.Value}");

    private void TogglePause()
    {
        _paused = !_paused;
        Show();
    }

    private void Show()
    {
        _shownReceived = _tail!.Received;
        _shown = _tail.Last(_maxShown, line => line.Level >= _least && (
            string.IsNullOrEmpty(_search)
            || line.Line.Text.Contains(_search, StringComparison.OrdinalIgnoreCase)));
        _status = string.IsNullOrEmpty(_search) && _least == LineLevel.Information
            ? $"{_shown.Count} lines" : $"{_shown.Count} lines match";
    }

    // Lines come in bursts; the page changes at most this often.
    private async Task RefreshAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(_refresh);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                if (!_paused && _tail?.Received != _shownReceived)
                {
                    await InvokeAsync(() =>
                    {
                        Show();
                        StateHasChanged();
                    });
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The developer went to another page.
        }
    }
}

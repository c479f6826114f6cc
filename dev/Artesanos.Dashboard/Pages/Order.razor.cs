using System.Globalization;
using Artesanos.Dashboard.Engine;
using Artesanos.Dashboard.Orders;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using Npgsql;

namespace Artesanos.Dashboard.Pages;

/// <summary>One order, read again every second: what it does, waits for, sent and got.</summary>
public sealed partial class Order : IDisposable
{
    private static readonly TimeSpan _refresh = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ending = new();
    private CancellationToken _ended;
    private OrderStory? _story;
    private IReadOnlyList<Finding> _findings = [];
    private string? _failure;

    /// <summary>The order's id.</summary>
    [Parameter]
    public Guid Id { get; set; }

    [Inject]
    private OrderDatabases Databases { get; set; } = null!;

    [Inject]
    private ResourceBoard Board { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _ended = _ending.Token;
        await ReadAsync();
        _ = RefreshAsync(_ended);
    }

    private async Task ReadAsync()
    {
        try
        {
            _story = await ReadOrder.HandleAsync(Databases, Id, _ended);
            _failure = _story is null ? "There is no order with this id." : null;
            _findings = _story is null ? []
                : Finding.Of(_story, Board.Resources, Time.GetUtcNow());
        }
        catch (NpgsqlException failure)
        {
            _failure = $"The database of Orders does not answer: {failure.Message}";
        }
    }

    private async Task RefreshAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(_refresh, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                await InvokeAsync(ReadAsync);
                await InvokeAsync(StateHasChanged);
            }
        }
        catch (OperationCanceledException)
        {
            // The developer went to another page.
        }
    }

    private string Countdown(DateTimeOffset deadline)
    {
        var left = deadline - Time.GetUtcNow();
        var then = _story!.Order.HasEnded ? "asks again"
            : SagaMap.Find(_story.Order.State).AtDeadline;
        return left > TimeSpan.Zero
            ? string.Create(CultureInfo.InvariantCulture,
                $"In {left:hh\\:mm\\:ss}, at {deadline.UtcDateTime:HH:mm:ss}, it {then}.")
            : string.Create(CultureInfo.InvariantCulture,
                $"Since {deadline.UtcDateTime:HH:mm:ss} it is due: it {then}.");
    }

    private static Severity Loudness(FindingKind kind) => kind switch
    {
        FindingKind.Good => Severity.Success,
        FindingKind.Waiting => Severity.Info,
        _ => Severity.Error,
    };
}

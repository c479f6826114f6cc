using Artesanos.Dashboard.Telemetry;
using Artesanos.Dashboard.Telemetry.Logs;
using Microsoft.AspNetCore.Components;

namespace Artesanos.Dashboard.Pages;

/// <summary>The latest log records of all services, newest first.</summary>
public sealed partial class StructuredLogs
{
    private const int Shown = 200;

    private static readonly LogLevel[] Levels =
        [.. Enum.GetValues<LogLevel>().Where(level => level != LogLevel.None)];

    private List<LogEntry> _entries = [];
    private List<string> _services = [];
    private LogFilter _filter = new();
    private int _more;
    private bool _paused;

    [Inject]
    private LogStore Store { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? Level { get; set; }

    [SupplyParameterFromQuery]
    private string? Service { get; set; }

    [SupplyParameterFromQuery]
    private string? Text { get; set; }

    private string Found => _more > 0
        ? $"The newest {_entries.Count} of {_entries.Count + _more}"
        : Units.Count(_entries.Count, "record");

    protected override void OnParametersSet()
    {
        _filter = new LogFilter(
            Enum.TryParse<LogLevel>(Level, ignoreCase: true, out var level)
                ? level : LogLevel.Trace,
            Service ?? "", Text?.Trim() ?? "");
        Load();
    }

    private void Load()
    {
        _services = Store.Services();
        (_entries, _more) = Store.Find(_filter, Shown);
    }

    private void Filter(string? level = null, string? service = null, string? text = null)
    {
        level ??= Level;
        service ??= Service;
        text ??= Text;
        Navigation.NavigateTo(
            Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
            {
                ["level"] = level?.Length > 0 ? level : null,
                ["service"] = service?.Length > 0 ? service : null,
                ["text"] = text?.Length > 0 ? text : null,
            }),
            replace: true);
    }
}

using Artesanos.Dashboard.Telemetry;
using Artesanos.Dashboard.Telemetry.Traces;
using Microsoft.AspNetCore.Components;

namespace Artesanos.Dashboard.Pages;

/// <summary>The latest traces. The filter stands in the address: one can link to it.</summary>
public sealed partial class Traces
{
    private const int Shown = 200;

    private List<TraceSummary> _traces = [];
    private List<string> _services = [];
    private int _more;
    private bool _paused;

    [Inject]
    private TraceStore Store { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? Service { get; set; }

    [SupplyParameterFromQuery]
    private string? Text { get; set; }

    [SupplyParameterFromQuery]
    private bool Failed { get; set; }

    private string Found => _more > 0
        ? $"The newest {_traces.Count} of {_traces.Count + _more}"
        : Units.Count(_traces.Count, "trace");

    protected override void OnParametersSet() => Load();

    private void Load()
    {
        _services = Store.Services();
        (_traces, _more) = Store.Find(
            new TraceFilter(Service ?? "", Text?.Trim() ?? "", Failed), Shown);
    }

    private void Filter(string? service = null, string? text = null, bool? failed = null)
    {
        // What is empty or false stands not in the address.
        service ??= Service;
        text ??= Text;
        Navigation.NavigateTo(
            Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
            {
                ["service"] = service?.Length > 0 ? service : null,
                ["text"] = text?.Length > 0 ? text : null,
                ["failed"] = (failed ?? Failed) ? true : null,
            }),
            replace: true);
    }
}

using Artesanos.Dashboard.Telemetry.Metrics;
using Microsoft.AspNetCore.Components;

namespace Artesanos.Dashboard.Pages;

/// <summary>One instrument of one service over time.</summary>
public sealed partial class Metrics
{
    private List<string> _services = [];
    private List<Instrument> _instruments = [];
    private string _service = "";
    private InstrumentView? _view;
    private Chart? _chart;
    private InstrumentKey? _drawn;
    private string _splitBy = "";
    private int _minutes = 5;
    private bool _paused;

    [Inject]
    private MetricStore Store { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery]
    private string? Service { get; set; }

    [SupplyParameterFromQuery]
    private string? Meter { get; set; }

    [SupplyParameterFromQuery(Name = "name")]
    private string? InstrumentName { get; set; }

    protected override void OnParametersSet() => Load();

    private void Load()
    {
        var all = Store.Instruments();
        _services = [.. all.Select(one => one.Key.Service).Distinct()
            .Order(StringComparer.Ordinal)];
        _service = Service ?? _services.FirstOrDefault() ?? "";
        // What this system measures of itself before what its libraries measure.
        _instruments = [.. all.Where(one => one.Key.Service == _service)
            .OrderByDescending(IsOurs)
            .ThenBy(one => one.Key.Meter, StringComparer.Ordinal)
            .ThenBy(one => one.Key.Name, StringComparer.Ordinal)];
        _view = Store.Get(new InstrumentKey(_service, Meter ?? "", InstrumentName ?? ""))
            ?? (InstrumentName is null && _instruments.Count > 0
                ? Store.Get(_instruments[0].Key) : null);
        if (_view is null)
        {
            _chart = null;
            return;
        }
        if (_drawn != _view.Instrument.Key)
        {
            _drawn = _view.Instrument.Key;
            // Statuses and outcomes are why one looks; a histogram has lines of its own.
            _splitBy = _view.Instrument.Kind == InstrumentKind.Histogram
                ? "" : _view.Dimensions.FirstOrDefault() ?? "";
        }
        _chart = Chart.Of(_view, TimeSpan.FromMinutes(_minutes), _splitBy, Clock.GetUtcNow());
    }

    private static bool IsOurs(Instrument instrument) =>
        instrument.Key.Meter.StartsWith("Artesanos", StringComparison.Ordinal);

    private void Choose(string? service) =>
        Navigation.NavigateTo($"metrics?service={Uri.EscapeDataString(service ?? "")}");

    private static string LinkTo(InstrumentKey key) =>
        $"metrics?service={Uri.EscapeDataString(key.Service)}"
        + $"&meter={Uri.EscapeDataString(key.Meter)}&name={Uri.EscapeDataString(key.Name)}";

    private static string Kind(InstrumentKind kind) => kind switch
    {
        InstrumentKind.Counter => "counter",
        InstrumentKind.UpDownCounter => "up-down counter",
        InstrumentKind.Gauge => "gauge",
        _ => "histogram",
    };
}

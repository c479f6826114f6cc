namespace Artesanos.Dashboard.Telemetry.Metrics;

/// <summary>A line of a chart: a value for each of its times, null where nothing was.</summary>
public sealed record ChartLine(string Name, double?[] Values)
{
    public double? Last => Values.LastOrDefault(value => value is not null);
}

/// <summary>What is drawn of an instrument.</summary>
/// <param name="Times">Ends of the intervals, oldest first.</param>
/// <param name="NotShown">How many lines more there would be.</param>
public sealed record Chart(
    IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<ChartLine> Lines, string Unit, int NotShown)
{
    internal const int MaxLines = 8;

    private const int Intervals = 60;

    private static readonly (string Name, double Quantile)[] Quantiles =
        [("p50", 0.50), ("p95", 0.95), ("p99", 0.99)];

    /// <param name="splitBy">
    /// An attribute whose values have a line each; a histogram then shows their p95. Empty for
    /// all series together.
    /// </param>
    internal static Chart Of(
        InstrumentView view, TimeSpan window, string splitBy, DateTimeOffset now)
    {
        var grid = new ChartGrid(now, window, Intervals);
        var groups = view.Series
            .GroupBy(series => splitBy.Length == 0
                ? "" : TelemetryField.Find(series.Attributes, splitBy))
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToList();
        var lines = groups
            .SelectMany(group => Draw(view.Instrument, group.Key, [.. group], grid, splitBy))
            .Where(line => line.Last is not null)
            .ToList();
        var shown = lines.Count <= MaxLines ? lines
            : [.. lines.OrderByDescending(line => line.Last).Take(MaxLines)];
        var unit = view.Instrument.Unit.Trim('{', '}');
        return new Chart(
            grid.Times, shown,
            view.Instrument.Kind == InstrumentKind.Counter ? $"{unit}/s".TrimStart('1') : unit,
            lines.Count - shown.Count);
    }

    private static IEnumerable<ChartLine> Draw(
        Instrument instrument, string group, List<SeriesView> series, ChartGrid grid,
        string splitBy)
    {
        var name = splitBy.Length == 0 ? instrument.Key.Name : group.Length > 0 ? group : "(none)";
        switch (instrument.Kind)
        {
            case InstrumentKind.Counter:
                return [new ChartLine(name, grid.Rate(series))];
            case InstrumentKind.Histogram:
                var buckets = grid.Buckets(series);
                var bounds = series[0].Bounds;
                return Quantiles
                    .Where(quantile => splitBy.Length == 0 || quantile.Name == "p95")
                    .Select(quantile => new ChartLine(
                        splitBy.Length == 0 ? quantile.Name : $"{name} p95",
                        [.. buckets.Select(counts =>
                            Histograms.Quantile(quantile.Quantile, counts, bounds))]));
            default:
                var adds = instrument.Kind == InstrumentKind.UpDownCounter;
                return [new ChartLine(name, grid.Latest(series, adds))];
        }
    }
}

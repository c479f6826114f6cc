namespace Artesanos.Dashboard.Telemetry.Metrics;

/// <summary>What is measured where. Replicas of a service measure the same instrument.</summary>
internal readonly record struct InstrumentKey(string Service, string Meter, string Name);

internal enum InstrumentKind
{
    /// <summary>Only grows; shown as what it grows by in a second.</summary>
    Counter,

    /// <summary>Grows and shrinks, and adds up over series.</summary>
    UpDownCounter,

    /// <summary>A value of now; of several series the largest counts.</summary>
    Gauge,

    /// <summary>Shown as its quantiles.</summary>
    Histogram,
}

internal sealed record Instrument(
    InstrumentKey Key, InstrumentKind Kind, string Unit, string Description);

/// <summary>A measurement. Of a counter and a histogram it is the sum since the start.</summary>
/// <param name="Value">Of a histogram how many were recorded.</param>
/// <param name="Buckets">Of a histogram how many fell into each bucket; else empty.</param>
internal readonly record struct MetricPoint(DateTimeOffset At, double Value, long[] Buckets);

/// <summary>An instrument and its series as they are now.</summary>
internal sealed record InstrumentView(Instrument Instrument, IReadOnlyList<SeriesView> Series)
{
    /// <summary>The attributes by which it can be split.</summary>
    public List<string> Dimensions =>
        [.. Series.SelectMany(series => series.Attributes).Select(pair => pair.Key)
            .Distinct().Order(StringComparer.Ordinal)];
}

/// <param name="Bounds">Of a histogram the upper bounds of all buckets but the last.</param>
internal sealed record SeriesView(
    IReadOnlyList<TelemetryField> Attributes, double[] Bounds, MetricPoint[] Points);

namespace Artesanos.Dashboard.Telemetry.Metrics;

/// <summary>A point of a series as it came.</summary>
/// <param name="Instance">The process that measured: each has series of its own.</param>
/// <param name="IsDelta">It tells what came since the last point, not since the start.</param>
internal sealed record Measurement(
    Instrument Instrument, string Instance, IReadOnlyList<TelemetryField> Attributes,
    double[] Bounds, MetricPoint Point, bool IsDelta);

/// <summary>The latest measurements in memory.</summary>
internal sealed class MetricStore(TelemetryLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<InstrumentKey, Kept> _instruments = [];
    private readonly Dictionary<(string Service, string Instance), DateTimeOffset> _exports = [];
    private int _series;
    private long _refused;
    private long _version;

    /// <summary>Grows with every change; pages look at it to see whether to draw again.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Measurements of instruments that were too many.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public (int Instruments, int Series, int Points) Count
    {
        get
        {
            lock (_gate)
            {
                return (_instruments.Count, _series, _instruments.Values
                    .SelectMany(kept => kept.Series.Values).Sum(series => series.Points));
            }
        }
    }

    /// <param name="measurements">All of one export: what is missing was not measured.</param>
    public void Add(IReadOnlyList<Measurement> measurements)
    {
        lock (_gate)
        {
            foreach (var measurement in measurements)
            {
                Add(measurement);
            }
            if (_exports.Count > limits.Instruments)
            {
                _exports.Clear();
            }
            foreach (var measurement in measurements)
            {
                _exports[SenderOf(measurement)] = measurement.Point.At;
            }
        }
        Interlocked.Increment(ref _version);
    }

    public List<Instrument> Instruments()
    {
        lock (_gate)
        {
            return [.. _instruments.Values.Select(kept => kept.Instrument)];
        }
    }

    public InstrumentView? Get(InstrumentKey key)
    {
        lock (_gate)
        {
            return _instruments.TryGetValue(key, out var kept)
                ? new InstrumentView(
                    kept.Instrument, [.. kept.Series.Values.Select(series => series.View())])
                : null;
        }
    }

    private void Add(Measurement measurement)
    {
        var key = measurement.Instrument.Key;
        if (measurement.Point.Buckets.Length > limits.Buckets
            || (_instruments.Count >= limits.Instruments && !_instruments.ContainsKey(key)))
        {
            Interlocked.Increment(ref _refused);
            return;
        }
        if (!_instruments.TryGetValue(key, out var kept)
            || kept.Instrument.Kind != measurement.Instrument.Kind)
        {
            _series -= kept?.Series.Count ?? 0;
            kept = new Kept(measurement.Instrument, []);
            _instruments[key] = kept;
        }
        SeriesOf(kept, measurement).Add(measurement.Point, measurement.IsDelta, limits);
    }

    private Series SeriesOf(Kept kept, Measurement measurement)
    {
        var id = string.Join('\n', measurement.Attributes
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}={pair.Value}")
            .Prepend(measurement.Instance));
        if (kept.Series.TryGetValue(id, out var series)
            && series.Bounds.AsSpan().SequenceEqual(measurement.Bounds))
        {
            return series;
        }
        if (series is null && ++_series > limits.Series)
        {
            ForgetTheSilent();
        }
        series = new Series(id, measurement.Attributes, measurement.Bounds);
        // What was not there in the export before has grown from zero since.
        if (measurement.Instrument.Kind is InstrumentKind.Counter or InstrumentKind.Histogram
            && _exports.TryGetValue(SenderOf(measurement), out var before))
        {
            var zero = new MetricPoint(before, 0, new long[measurement.Point.Buckets.Length]);
            series.Add(zero, isDelta: false, limits);
        }
        return kept.Series[id] = series;
    }

    private static (string Service, string Instance) SenderOf(Measurement measurement) =>
        (measurement.Instrument.Key.Service, measurement.Instance);

    // Those of a process that ended, above all.
    private void ForgetTheSilent()
    {
        var (kept, series) = _instruments.Values
            .SelectMany(kept => kept.Series.Values.Select(series => (kept, series)))
            .MinBy(pair => pair.series.LastAt);
        kept.Series.Remove(series.Id);
        _series--;
        if (kept.Series.Count == 0)
        {
            _instruments.Remove(kept.Instrument.Key);
        }
    }

    private sealed record Kept(Instrument Instrument, Dictionary<string, Series> Series);
}

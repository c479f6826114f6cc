namespace Artesanos.Dashboard.Telemetry.Metrics;

/// <summary>The latest points of one combination of attributes. Guarded by its store.</summary>
internal sealed class Series(
    string id, IReadOnlyList<TelemetryField> attributes, double[] bounds)
{
    private readonly List<MetricPoint> _points = [];

    public string Id => id;

    public double[] Bounds => bounds;

    public int Points => _points.Count;

    public DateTimeOffset LastAt => _points.Count > 0 ? _points[^1].At : DateTimeOffset.MinValue;

    public void Add(MetricPoint point, bool isDelta, TelemetryLimits limits)
    {
        var last = _points.Count > 0 ? _points[^1] : new MetricPoint(point.At, 0, []);
        if (point.At < last.At)
        {
            return;
        }
        if (isDelta)
        {
            point = Sum(last, point);
        }
        // Most histograms rest most of the time: equal counts are kept once.
        if (point.Buckets.AsSpan().SequenceEqual(last.Buckets))
        {
            point = point with { Buckets = last.Buckets };
        }
        if (_points.Count > 0 && Slot(point.At, limits) == Slot(last.At, limits))
        {
            _points[^1] = point;
            return;
        }
        _points.Add(point);
        if (_points.Count > limits.PointsPerSeries)
        {
            _points.RemoveAt(0);
        }
    }

    public SeriesView View() => new(attributes, bounds, [.. _points]);

    private static long Slot(DateTimeOffset at, TelemetryLimits limits) =>
        at.Ticks / limits.PointInterval.Ticks;

    private static MetricPoint Sum(MetricPoint before, MetricPoint delta)
    {
        long[] buckets = [.. delta.Buckets];
        for (var i = 0; i < Math.Min(buckets.Length, before.Buckets.Length); i++)
        {
            buckets[i] += before.Buckets[i];
        }
        return new MetricPoint(delta.At, before.Value + delta.Value, buckets);
    }
}

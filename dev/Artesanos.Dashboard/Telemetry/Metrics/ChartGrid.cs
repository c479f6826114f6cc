namespace Artesanos.Dashboard.Telemetry.Metrics;

/// <summary>Equal intervals of a window, into which the points of series are laid.</summary>
internal sealed class ChartGrid
{
    // An exporter that sends once a minute still draws a line and no dots.
    private static readonly TimeSpan StaysValid = TimeSpan.FromSeconds(65);

    private readonly DateTimeOffset _start;
    private readonly TimeSpan _interval;

    public ChartGrid(DateTimeOffset end, TimeSpan window, int intervals)
    {
        _interval = window / intervals;
        // Ends on a multiple, so that a chart that is drawn again does not tremble.
        var last = end.Ticks / _interval.Ticks * _interval.Ticks;
        _start = new DateTimeOffset(last, TimeSpan.Zero) - window;
        Times = [.. Enumerable.Range(1, intervals).Select(i => _start + _interval * i)];
    }

    public IReadOnlyList<DateTimeOffset> Times { get; }

    /// <summary>What counters grew by in a second, all together.</summary>
    public double?[] Rate(IEnumerable<SeriesView> series)
    {
        var rates = new double?[Times.Count];
        foreach (var (before, point) in series.SelectMany(Pairs))
        {
            // A counter that starts again has grown by what it shows.
            var growth = point.Value >= before.Value ? point.Value - before.Value : point.Value;
            Spread(before.At, point.At, (i, share) =>
                rates[i] = (rates[i] ?? 0) + growth * share / _interval.TotalSeconds);
        }
        return rates;
    }

    /// <summary>How many a histogram recorded per bucket in each interval.</summary>
    public double[][] Buckets(IReadOnlyList<SeriesView> series)
    {
        var length = series.Max(one => one.Bounds.Length) + 1;
        double[][] counts = [.. Times.Select(_ => new double[length])];
        // Buckets of two versions of a service cannot be added: the first one's bounds count.
        foreach (var (before, point) in series
            .Where(one => one.Bounds.AsSpan().SequenceEqual(series[0].Bounds)).SelectMany(Pairs))
        {
            var restarted = point.Value < before.Value;
            if (!restarted && ReferenceEquals(point.Buckets, before.Buckets))
            {
                continue;
            }
            Spread(before.At, point.At, (interval, share) =>
            {
                for (var i = 0; i < point.Buckets.Length; i++)
                {
                    var earlier = restarted || i >= before.Buckets.Length ? 0 : before.Buckets[i];
                    counts[interval][i] += (point.Buckets[i] - earlier) * share;
                }
            });
        }
        return counts;
    }

    /// <summary>The value at the end of each interval: the sum or the largest.</summary>
    public double?[] Latest(IEnumerable<SeriesView> series, bool adds)
    {
        var values = new double?[Times.Count];
        foreach (var points in series.Select(one => one.Points))
        {
            var next = 0;
            for (var i = 0; i < values.Length; i++)
            {
                while (next < points.Length && points[next].At <= Times[i])
                    next++;
                if (next == 0 || Times[i] - points[next - 1].At > StaysValid)
                    continue;
                var value = points[next - 1].Value;
                values[i] = values[i] is not { } other ? value
                    : adds ? other + value : Math.Max(other, value);
            }
        }
        return values;
    }

    private static IEnumerable<(MetricPoint Before, MetricPoint Point)> Pairs(SeriesView series) =>
        series.Points.Zip(series.Points.Skip(1));

    /// <summary>Growth between two points, by the share of each interval that it covers.</summary>
    private void Spread(DateTimeOffset from, DateTimeOffset to, Action<int, double> add)
    {
        var length = (to - from).Ticks;
        if (length <= 0)
        {
            return;
        }
        var first = (int)Math.Clamp((from - _start).Ticks / _interval.Ticks, 0, Times.Count);
        for (var i = first; i < Times.Count && Times[i] - _interval < to; i++)
        {
            var begin = Max(from, Times[i] - _interval);
            var end = to < Times[i] ? to : Times[i];
            if (end > begin)
            {
                add(i, (double)(end - begin).Ticks / length);
            }
        }
    }

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) =>
        one > other ? one : other;
}

using Artesanos.Dashboard.Telemetry;
using Artesanos.Dashboard.Telemetry.Metrics;
using Xunit;
using static Artesanos.Tests.Dashboard.TelemetrySamples;

namespace Artesanos.Tests.Dashboard;

public sealed class MetricStoreTests
{
    private static readonly Instrument Counter = Instrument(InstrumentKind.Counter);

    [Fact]
    public void Points_beyond_the_limit_push_out_the_oldest_of_their_series()
    {
        var store = new MetricStore(new TelemetryLimits { PointsPerSeries = 20 });
        store.Add([.. Enumerable.Range(0, 1000).Select(i => Measure(Counter, i * 2, i))]);

        var series = Assert.Single(store.Get(Counter.Key)!.Series);
        Assert.Equal(
            Enumerable.Range(980, 20).Select(i => (double)i), series.Points.Select(p => p.Value));
    }

    [Fact]
    public void Points_that_come_close_together_replace_each_other()
    {
        var store = new MetricStore(new TelemetryLimits());
        store.Add([Measure(Counter, 0, 1), Measure(Counter, 0.5, 2), Measure(Counter, 2, 3)]);

        var series = Assert.Single(store.Get(Counter.Key)!.Series);
        Assert.Equal([2, 3], series.Points.Select(point => point.Value));
    }

    [Fact]
    public void The_series_that_was_silent_longest_makes_room()
    {
        var store = new MetricStore(new TelemetryLimits { Series = 10 });
        store.Add(
            [.. Enumerable.Range(0, 500).Select(i => Measure(Counter, i, i, status: $"s{i}"))]);

        Assert.Equal((1, 10, 10), store.Count);
        Assert.Contains(store.Get(Counter.Key)!.Series, s => s.Attributes[0].Value == "s499");
    }

    [Fact]
    public void Instruments_beyond_the_limit_are_refused_and_counted()
    {
        var store = new MetricStore(new TelemetryLimits { Instruments = 10 });
        store.Add([.. Enumerable.Range(0, 50).Select(i =>
            Measure(Instrument(InstrumentKind.Gauge, $"gauge{i}"), 0, i))]);

        Assert.Equal((10, 40), (store.Count.Instruments, store.Refused));
    }

    [Fact]
    public void An_instrument_that_changes_its_kind_starts_anew()
    {
        var store = new MetricStore(new TelemetryLimits());
        store.Add([Measure(Counter, 0, 1), Measure(Instrument(InstrumentKind.Gauge), 2, 5)]);

        Assert.Equal((1, 1, 1), store.Count);
    }

    [Fact]
    public void A_series_that_was_not_in_the_export_before_has_grown_from_zero()
    {
        var store = new MetricStore(new TelemetryLimits());
        store.Add([Measure(Counter, 0, 1, "old")]);
        store.Add([Measure(Counter, 10, 1, "old"), Measure(Counter, 10, 3, "new")]);

        var series = store.Get(Counter.Key)!.Series
            .Single(one => one.Attributes[0].Value == "new");
        Assert.Equal(
            [(Start, 0d), (Start.AddSeconds(10), 3)],
            series.Points.Select(point => (point.At, point.Value)));
    }

    [Fact]
    public void Deltas_are_added_up()
    {
        var store = new MetricStore(new TelemetryLimits());
        store.Add([Measure(Counter, 0, 1) with { IsDelta = true }]);
        store.Add([Measure(Counter, 2, 4) with { IsDelta = true }]);

        var series = Assert.Single(store.Get(Counter.Key)!.Series);
        Assert.Equal([1, 5], series.Points.Select(point => point.Value));
    }
}

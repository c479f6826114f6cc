using Artesanos.Dashboard.Telemetry;
using Artesanos.Dashboard.Telemetry.Metrics;
using Xunit;
using static Artesanos.Tests.Dashboard.TelemetrySamples;

namespace Artesanos.Tests.Dashboard;

/// <summary>Charts over a minute have sixty intervals of a second.</summary>
public sealed class ChartTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_counter_is_drawn_as_what_it_grows_by_in_a_second()
    {
        var counter = Instrument(InstrumentKind.Counter, unit: "{order}");
        var chart = Draw([Measure(counter, 10, 100), Measure(counter, 20, 150)]);

        var line = Assert.Single(chart.Lines);
        Assert.All(line.Values[10..20], value => Assert.Equal(5, value!.Value, 6));
        Assert.Null(line.Values[9]);
        Assert.Equal("order/s", chart.Unit);
    }

    [Fact]
    public void A_counter_that_starts_again_has_no_negative_rate()
    {
        var counter = Instrument(InstrumentKind.Counter);
        var chart = Draw([Measure(counter, 10, 100), Measure(counter, 20, 30)]);

        Assert.Equal(3, Assert.Single(chart.Lines).Last!.Value, 6);
    }

    [Fact]
    public void Counters_of_replicas_are_added_and_gauges_of_replicas_are_not()
    {
        var (counter, gauge) =
            (Instrument(InstrumentKind.Counter), Instrument(InstrumentKind.Gauge));
        var rate = Draw(
        [
            Measure(counter, 0, 0), Measure(counter, 60, 60),
            Measure(counter, 0, 0, instance: "two"), Measure(counter, 60, 120, instance: "two"),
        ]);
        var value = Draw([Measure(gauge, 50, 7), Measure(gauge, 50, 8, instance: "two")]);

        Assert.Equal(3, Assert.Single(rate.Lines).Last!.Value, 6);
        Assert.Equal(8, Assert.Single(value.Lines).Last);
    }

    [Fact]
    public void An_attribute_splits_a_chart_into_lines_and_the_smallest_are_left_out()
    {
        var gauge = Instrument(InstrumentKind.Gauge);
        var chart = Draw(
            Enumerable.Range(0, 12).Select(i => Measure(gauge, 50, i, status: $"S{i:00}")),
            splitBy: "status");

        Assert.Equal((8, 4), (chart.Lines.Count, chart.NotShown));
        Assert.Equal("S11", chart.Lines[0].Name);
    }

    [Fact]
    public void A_histogram_is_drawn_as_its_quantiles_of_each_interval()
    {
        var histogram = Instrument(InstrumentKind.Histogram, unit: "s");
        double[] bounds = [1, 2, 4];
        // Between the points 100 were recorded: 50 up to 1 s, 45 up to 2 s, 5 up to 4 s.
        var chart = Draw(
        [
            Measure(histogram, 0, bounds, [1000, 0, 0, 0]),
            Measure(histogram, 60, bounds, [1050, 45, 5, 0]),
        ]);

        Assert.Equal(["p50", "p95", "p99"], chart.Lines.Select(line => line.Name));
        Assert.Equal([1, 2, 3.6], chart.Lines.Select(line => Math.Round(line.Last!.Value, 6)));
    }

    [Fact]
    public void A_histogram_that_rests_has_no_quantiles()
    {
        var histogram = Instrument(InstrumentKind.Histogram);
        var chart = Draw(
            [Measure(histogram, 0, [1], [5, 0]), Measure(histogram, 30, [1], [5, 0])]);

        Assert.Empty(chart.Lines);
    }

    private static Chart Draw(IEnumerable<Measurement> measurements, string splitBy = "")
    {
        var store = new MetricStore(new TelemetryLimits());
        store.Add([.. measurements]);
        var view = store.Get(store.Instruments().Single().Key)!;
        return Chart.Of(view, Window, splitBy, Start.AddMinutes(1));
    }
}

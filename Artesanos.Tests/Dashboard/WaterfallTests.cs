using Artesanos.Dashboard.Telemetry.Traces;
using Xunit;
using static Artesanos.Tests.Dashboard.TelemetrySamples;

namespace Artesanos.Tests.Dashboard;

public sealed class WaterfallTests
{
    [Fact]
    public void Children_stand_below_their_parents_in_the_order_of_time()
    {
        var rows = Waterfall.Of(
        [
            Span("t", "late", "root", startMs: 60, durationMs: 40),
            Span("t", "inner", "early", startMs: 20, durationMs: 10),
            Span("t", "early", "root", startMs: 10, durationMs: 50),
            Span("t", "root", durationMs: 100),
        ]);

        Assert.Equal(
            [("root", 0), ("early", 1), ("inner", 2), ("late", 1)],
            rows.Select(row => (row.Span.SpanId, row.Depth)));
        Assert.Equal([0, 10, 20, 60], rows.Select(row => row.OffsetPercent));
        Assert.Equal([100, 50, 10, 40], rows.Select(row => row.WidthPercent));
    }

    [Fact]
    public void A_span_whose_parent_is_not_here_is_shown_and_marked()
    {
        var rows = Waterfall.Of([Span("t", "a", "caller"), Span("t", "b", "a")]);

        Assert.Equal(
            [("a", true), ("b", false)], rows.Select(row => (row.Span.SpanId, row.IsCutOff)));
    }

    [Fact]
    public void Spans_in_a_circle_are_all_shown_once()
    {
        var rows = Waterfall.Of([Span("t", "a", "b"), Span("t", "b", "a"), Span("t", "c", "c")]);

        Assert.Equal(["c", "a", "b"], rows.Select(row => row.Span.SpanId));
    }

    [Fact]
    public void A_bar_never_leaves_the_picture_and_is_never_invisible()
    {
        var rows = Waterfall.Of(
            [Span("t", "a", durationMs: 1000), Span("t", "b", startMs: 1000, durationMs: 0)]);

        Assert.All(rows, row => Assert.InRange(row.OffsetPercent + row.WidthPercent, 0.1, 100));
        Assert.All(rows, row => Assert.True(row.WidthPercent > 0.1));
    }
}

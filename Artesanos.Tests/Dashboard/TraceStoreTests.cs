using Artesanos.Dashboard.Telemetry;
using Artesanos.Dashboard.Telemetry.Traces;
using Xunit;
using static Artesanos.Tests.Dashboard.TelemetrySamples;

namespace Artesanos.Tests.Dashboard;

public sealed class TraceStoreTests
{
    private static readonly TraceFilter Everything = new();

    [Fact]
    public void Traces_beyond_the_limit_push_out_the_oldest_ones()
    {
        var store = new TraceStore(new TelemetryLimits { Traces = 10 });
        store.Add(Enumerable.Range(0, 1000).SelectMany(i => new[]
        {
            Span($"t{i}", "a", startMs: i), Span($"t{i}", "b", "a", startMs: i),
        }));

        Assert.Equal((10, 20), (store.Kept.Traces, store.Kept.Spans));
        var (traces, more) = store.Find(Everything, 100);
        Assert.Equal(
            Enumerable.Range(990, 10).Reverse().Select(i => $"t{i}"), traces.Select(t => t.Id));
        Assert.Equal(0, more);
    }

    [Fact]
    public void Spans_beyond_the_limit_push_out_whole_traces()
    {
        var store = new TraceStore(new TelemetryLimits { Spans = 100 });
        store.Add(from i in Enumerable.Range(0, 200)
                  from j in Enumerable.Range(0, 7)
                  select Span($"t{i}", $"s{j}"));

        Assert.Equal((14, 98), (store.Kept.Traces, store.Kept.Spans));
        Assert.Equal(7, store.Get("t199")!.Spans.Count);
        Assert.Null(store.Get("t0"));
    }

    [Fact]
    public void Long_texts_are_counted_too()
    {
        var store = new TraceStore(new TelemetryLimits { SpanBytes = 1_000_000 });
        store.Add(Enumerable.Range(0, 500).Select(i =>
            Span($"t{i}", "a", value: new string('x', 4_000))));

        Assert.InRange(store.Kept.Bytes, 900_000, 1_000_000);
        Assert.InRange(store.Kept.Traces, 100, 125);
    }

    [Fact]
    public void An_endless_trace_keeps_its_first_spans_and_counts_the_rest()
    {
        var store = new TraceStore(new TelemetryLimits { SpansPerTrace = 50 });
        store.Add(Enumerable.Range(0, 80).Select(i => Span("t", $"s{i}")));

        var trace = store.Get("t")!;
        Assert.Equal((50, 30), (trace.Spans.Count, trace.NotKept));
    }

    [Fact]
    public void A_late_root_joins_its_trace_and_names_it()
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add([Span("t", "b", "a", "payments", "process", startMs: 5, durationMs: 10)]);
        store.Add([Span("other", "x")]);
        store.Add([Span("t", "a", service: "gateway", name: "POST /orders", durationMs: 3)]);

        var trace = store.Get("t")!.Summary;
        Assert.Equal(("gateway", "POST /orders", 2), (trace.Service, trace.Name, trace.Spans));
        Assert.Equal(TimeSpan.FromMilliseconds(15), trace.Duration);
        Assert.Equal([("gateway", 1), ("payments", 1)], trace.Services);
    }

    [Fact]
    public void A_span_that_is_exported_again_counts_once()
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add([Span("t", "a")]);
        store.Add([Span("t", "a")]);

        Assert.Equal(1, store.Kept.Spans);
    }

    [Fact]
    public void Traces_are_found_by_service_by_text_and_by_failure()
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add(
        [
            Span("t1", "a", value: "order-4711"), Span("t1", "b", service: "payments"),
            Span("t2", "a", failed: true), Span("t3", "a", name: "publish orders.confirmed"),
        ]);

        Assert.Equal(["t1"], Find(new TraceFilter("payments")));
        Assert.Equal(["t1"], Find(new TraceFilter(Text: "ORDER-4711")));
        Assert.Equal(["t3"], Find(new TraceFilter(Text: "confirmed")));
        Assert.Equal(["t2"], Find(new TraceFilter(FailedOnly: true)));
        Assert.Empty(Find(new TraceFilter("payments", "confirmed")));
        Assert.Equal(["orders", "payments"], store.Services());

        IEnumerable<string> Find(TraceFilter filter) =>
            store.Find(filter, 10).Traces.Select(trace => trace.Id);
    }

    [Fact]
    public void A_trace_tells_which_others_refer_to_it()
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add(
        [
            Span("request", "a"),
            Span("order", "b", name: "webhook", links: new SpanLink("request", "a")),
        ]);

        Assert.Equal("webhook", Assert.Single(store.Get("request")!.LinkedBy).Name);
        Assert.Empty(store.Get("order")!.LinkedBy);
    }
}

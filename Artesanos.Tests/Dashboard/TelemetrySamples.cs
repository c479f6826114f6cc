using Artesanos.Dashboard.Telemetry;
using Artesanos.Dashboard.Telemetry.Logs;
using Artesanos.Dashboard.Telemetry.Metrics;
using Artesanos.Dashboard.Telemetry.Traces;
using Microsoft.Extensions.Logging;

namespace Artesanos.Tests.Dashboard;

/// <summary>Spans, log records and measurements as services might have sent them.</summary>
internal static class TelemetrySamples
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    /// <param name="startMs">Milliseconds after <see cref="Start"/>.</param>
    public static Span Span(
        string trace, string id, string parent = "", string service = "orders",
        string name = "work", int startMs = 0, int durationMs = 1, bool failed = false,
        string value = "", params SpanLink[] links) => new(
            trace, id, parent, service, "tests", name, SpanKind.Internal,
            Start.AddMilliseconds(startMs), TimeSpan.FromMilliseconds(durationMs), failed, "",
            value.Length > 0 ? [new TelemetryField("key", value)] : [], [], links);

    public static LogEntry Log(
        int number, LogLevel level = LogLevel.Information, string service = "orders",
        string message = "It happened.", string trace = "",
        params TelemetryField[] attributes) => new(
            number, Start.AddMilliseconds(number), level, service, "Tests", message, trace, "",
            attributes);

    public static Instrument Instrument(
        InstrumentKind kind, string name = "things", string unit = "") =>
        new(new InstrumentKey("orders", "Tests", name), kind, unit, "");

    public static Measurement Measure(
        Instrument instrument, double seconds, double value, string status = "",
        string instance = "one") => new(
            instrument, instance,
            status.Length > 0 ? [new TelemetryField("status", status)] : [], [],
            new MetricPoint(Start.AddSeconds(seconds), value, []), IsDelta: false);

    public static Measurement Measure(
        Instrument instrument, double seconds, double[] bounds, long[] buckets) => new(
            instrument, "one", [], bounds,
            new MetricPoint(Start.AddSeconds(seconds), buckets.Sum(), buckets), IsDelta: false);
}

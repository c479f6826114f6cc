using Artesanos.Dashboard.Telemetry.Otlp;
using Artesanos.Dashboard.Telemetry.Traces;
using Grpc.Core;
using SpanKind = Artesanos.Dashboard.Telemetry.Traces.SpanKind;

namespace Artesanos.Dashboard.Telemetry.Receiving;

internal sealed class TraceReceiver(WireReader reader, TraceStore traces, TelemetryLimits limits)
    : TraceService.TraceServiceBase
{
    private const int TraceIdLength = 16;
    private const int SpanIdLength = 8;
    private const int FailedCode = 2;

    public override Task<ExportTraceServiceResponse> Export(
        ExportTraceServiceRequest request, ServerCallContext context)
    {
        traces.Add(Read(request));
        return Task.FromResult(new ExportTraceServiceResponse());
    }

    public IEnumerable<Traces.Span> Read(ExportTraceServiceRequest request) =>
        from resource in request.ResourceSpans
        let service = reader.Sender(resource.Resource).Service
        from scope in resource.ScopeSpans
        from span in scope.Spans
        where span.TraceId.Length == TraceIdLength && span.SpanId.Length == SpanIdLength
        select Read(service, scope.Scope?.Name ?? "", span);

    private Traces.Span Read(string service, string scope, Otlp.Span span)
    {
        var start = WireReader.Time(span.StartTimeUnixNano);
        var end = WireReader.Time(span.EndTimeUnixNano);
        return new Traces.Span(
            WireReader.Hex(span.TraceId), WireReader.Hex(span.SpanId),
            WireReader.Hex(span.ParentSpanId), service, reader.Text(scope), reader.Text(span.Name),
            Enum.IsDefined((SpanKind)span.Kind) ? (SpanKind)span.Kind : SpanKind.Unspecified,
            start, end > start ? end - start : TimeSpan.Zero,
            span.Status?.Code == FailedCode, reader.Text(span.Status?.Message ?? ""),
            reader.Attributes(span.Attributes),
            [.. span.Events.Take(limits.Attributes).Select(Read)],
            [.. span.Links.Take(limits.Attributes).Select(link =>
                new SpanLink(WireReader.Hex(link.TraceId), WireReader.Hex(link.SpanId)))]);
    }

    private SpanEvent Read(Otlp.Span.Types.Event happened) => new(
        WireReader.Time(happened.TimeUnixNano), reader.Text(happened.Name),
        reader.Attributes(happened.Attributes));
}

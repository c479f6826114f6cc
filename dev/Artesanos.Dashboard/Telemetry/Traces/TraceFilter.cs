namespace Artesanos.Dashboard.Telemetry.Traces;

/// <summary>Which traces to list; what is empty does not filter.</summary>
/// <param name="Text">
/// In a trace's id, or in a name, a value or an error of a span: an order's id, say.
/// </param>
internal sealed record TraceFilter(string Service = "", string Text = "", bool FailedOnly = false)
{
    public bool Matches(Trace trace) =>
        (!FailedOnly || trace.HasFailed)
        && (Service.Length == 0 || trace.Has(Service))
        && (Text.Length == 0 || trace.Id.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || trace.Spans.Any(span => span.Contains(Text)));
}

namespace Artesanos.Dashboard.Telemetry.Logs;

/// <summary>Which log records to list; what is empty does not filter.</summary>
/// <param name="Text">In the message, the category, the trace's id or a value.</param>
internal sealed record LogFilter(
    LogLevel Level = LogLevel.Trace, string Service = "", string Text = "", string TraceId = "",
    string SpanId = "")
{
    public bool Matches(LogEntry entry) =>
        entry.Level >= Level
        && (Service.Length == 0 || entry.Service == Service)
        && (TraceId.Length == 0 || entry.TraceId == TraceId)
        && (SpanId.Length == 0 || entry.SpanId == SpanId)
        && (Text.Length == 0 || entry.Contains(Text));
}

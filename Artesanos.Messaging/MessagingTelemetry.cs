using System.Diagnostics;

namespace Artesanos.Messaging;

/// <summary>Spans of publishing and handling, so that one order is one trace.</summary>
public static class MessagingTelemetry
{
    public const string SourceName = "Artesanos.Messaging";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// Starts a span that continues the trace of <paramref name="traceParent"/> (a W3C header, or
    /// null for a new trace). It does not become the current one: a batch handles many traces.
    /// </summary>
    public static Activity? Start(string name, ActivityKind kind, string? traceParent)
    {
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent);
        var before = Activity.Current;
        Activity.Current = null;
        var activity = Source.StartActivity(name, kind, parent);
        Activity.Current = before;
        return activity;
    }
}

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

    /// <summary>Which message and which order (its key) the span is about, to find it by.</summary>
    public static void Name(this Activity activity, Guid messageId, Guid key)
    {
        ArgumentNullException.ThrowIfNull(activity);
        if (activity.IsAllDataRequested)
        {
            activity.SetTag("messaging.system", "nats");
            activity.SetTag("messaging.message.id", messageId.ToString());
            activity.SetTag("messaging.message.conversation_id", key.ToString());
        }
    }

    /// <summary>
    /// Whatever follows is done for all of these at once: it joins the trace of the first, and the
    /// others link to it. Call it in an async method, whose end also ends this.
    /// </summary>
    public static void Share<T>(IReadOnlyList<T> items, Func<T, Activity?> activityOf)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(activityOf);
        var first = activityOf(items[0]);
        Activity.Current = first;
        if (first is null)
        {
            return;
        }
        var link = new ActivityLink(first.Context);
        for (var i = 1; i < items.Count; i++)
        {
            if (activityOf(items[i]) is { } other && other != first)
            {
                other.AddLink(link);
            }
        }
    }
}

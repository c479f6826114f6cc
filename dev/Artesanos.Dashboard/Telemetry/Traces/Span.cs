namespace Artesanos.Dashboard.Telemetry.Traces;

/// <summary>One unit of work of one service. Ids are lower-case hex.</summary>
/// <param name="ParentId">Empty at the root of a trace.</param>
/// <param name="Scope">The library or namespace that made the span.</param>
/// <param name="StatusMessage">Why it failed, where it says so.</param>
public sealed record Span(
    string TraceId, string SpanId, string ParentId, string Service, string Scope, string Name,
    SpanKind Kind, DateTimeOffset Start, TimeSpan Duration, bool Failed, string StatusMessage,
    IReadOnlyList<TelemetryField> Attributes, IReadOnlyList<SpanEvent> Events,
    IReadOnlyList<SpanLink> Links)
{
    // Measured roughly: the object, its ids, its times and the entry of the trace.
    private const int Overhead = 500;

    public DateTimeOffset End => Start + Duration;

    public int Bytes { get; } = Overhead + 2 * (Name.Length + StatusMessage.Length)
        + Attributes.Sum(attribute => attribute.Bytes)
        + Events.Sum(happened => happened.Bytes) + Links.Count * 200;

    public bool Contains(string text) =>
        Has(Name, text) || Has(StatusMessage, text) || Has(SpanId, text)
        || Attributes.Any(attribute => Has(attribute.Value, text))
        || Events.Any(happened => Has(happened.Name, text)
            || happened.Attributes.Any(attribute => Has(attribute.Value, text)));

    private static bool Has(string value, string text) =>
        value.Contains(text, StringComparison.OrdinalIgnoreCase);
}

/// <summary>As OTLP numbers them.</summary>
public enum SpanKind
{
    Unspecified, Internal, Server, Client, Producer, Consumer,
}

/// <summary>Something that happened during a span, an exception for example.</summary>
public sealed record SpanEvent(
    DateTimeOffset At, string Name, IReadOnlyList<TelemetryField> Attributes)
{
    public int Bytes { get; } = 100 + 2 * Name.Length + Attributes.Sum(item => item.Bytes);
}

/// <summary>A span that caused this one without being its parent, or shared its work.</summary>
public sealed record SpanLink(string TraceId, string SpanId);

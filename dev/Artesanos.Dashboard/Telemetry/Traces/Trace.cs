namespace Artesanos.Dashboard.Telemetry.Traces;

/// <summary>The spans of one trace that have come so far. Guarded by its store.</summary>
internal sealed class Trace(string id)
{
    private readonly Dictionary<string, Span> _spans = [];
    private readonly SortedDictionary<string, int> _services = new(StringComparer.Ordinal);
    private Span? _root;
    private int _failed;

    public string Id => id;

    public IReadOnlyCollection<Span> Spans => _spans.Values;

    public long Bytes { get; private set; }

    /// <summary>Spans that came after the trace was full.</summary>
    public int NotKept { get; private set; }

    public DateTimeOffset Start { get; private set; } = DateTimeOffset.MaxValue;

    public DateTimeOffset End { get; private set; } = DateTimeOffset.MinValue;

    public bool HasFailed => _failed > 0;

    /// <summary>False when the span was there already (sent again) or does not fit.</summary>
    public bool Add(Span span, int limit)
    {
        if (_spans.Count >= limit)
        {
            NotKept++;
            return false;
        }
        if (!_spans.TryAdd(span.SpanId, span))
        {
            return false;
        }
        Bytes += span.Bytes;
        _failed += span.Failed ? 1 : 0;
        _services[span.Service] = _services.GetValueOrDefault(span.Service) + 1;
        Start = span.Start < Start ? span.Start : Start;
        End = span.End > End ? span.End : End;
        if (_root is null || IsAbove(span, _root))
        {
            _root = span;
        }
        return true;
    }

    public bool Has(string service) => _services.ContainsKey(service);

    public TraceSummary Summarize() => new(
        id, _root!.Service, _root.Name, Start, End - Start, _spans.Count, _failed,
        [.. _services.Select(service => (service.Key, service.Value))]);

    // The one without a parent names the trace; until it has come, the earliest does.
    private static bool IsAbove(Span span, Span root) =>
        (span.ParentId.Length == 0, root.ParentId.Length == 0) switch
        {
            (true, false) => true,
            (false, true) => false,
            _ => span.Start < root.Start,
        };
}

/// <summary>A trace as one line of the list.</summary>
internal sealed record TraceSummary(
    string Id, string Service, string Name, DateTimeOffset Start, TimeSpan Duration, int Spans,
    int Failed, IReadOnlyList<(string Service, int Spans)> Services);

namespace Artesanos.Dashboard.Telemetry.Traces;

/// <summary>The latest traces in memory; the oldest ones make room as a whole.</summary>
internal sealed class TraceStore(TelemetryLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Trace> _traces = [];
    private readonly Queue<Trace> _byArrival = new();
    private readonly SortedDictionary<string, int> _services = new(StringComparer.Ordinal);
    private int _spans;
    private long _bytes;
    private long _version;

    /// <summary>Grows with every change; pages look at it to see whether to draw again.</summary>
    public long Version => Interlocked.Read(ref _version);

    public (int Traces, int Spans, long Bytes) Kept
    {
        get
        {
            lock (_gate)
            {
                return (_traces.Count, _spans, _bytes);
            }
        }
    }

    public void Add(IEnumerable<Span> spans)
    {
        lock (_gate)
        {
            foreach (var span in spans)
            {
                Add(span);
            }
        }
        Interlocked.Increment(ref _version);
    }

    /// <summary>The services that have spans here.</summary>
    public List<string> Services()
    {
        lock (_gate)
        {
            return [.. _services.Keys];
        }
    }

    /// <summary>What matches, newest first, and how many more there are.</summary>
    public (List<TraceSummary> Traces, int More) Find(TraceFilter filter, int limit)
    {
        lock (_gate)
        {
            var matching = _byArrival.Where(filter.Matches).ToList();
            var newest = matching.OrderByDescending(trace => trace.Start).Take(limit);
            return ([.. newest.Select(trace => trace.Summarize())],
                Math.Max(0, matching.Count - limit));
        }
    }

    /// <summary>One trace, or null when it has not come or had to make room.</summary>
    public TraceView? Get(string id)
    {
        lock (_gate)
        {
            return _traces.TryGetValue(id, out var trace)
                ? new TraceView(trace.Summarize(), [.. trace.Spans], trace.NotKept, LinksTo(id))
                : null;
        }
    }

    private void Add(Span span)
    {
        if (!_traces.TryGetValue(span.TraceId, out var trace))
        {
            trace = new Trace(span.TraceId);
            _traces.Add(span.TraceId, trace);
            _byArrival.Enqueue(trace);
        }
        var isNewService = !trace.Has(span.Service);
        if (trace.Add(span, limits.SpansPerTrace))
        {
            _spans++;
            _bytes += span.Bytes;
            if (isNewService)
            {
                _services[span.Service] = _services.GetValueOrDefault(span.Service) + 1;
            }
        }
        while (_traces.Count > limits.Traces || _spans > limits.Spans || _bytes > limits.SpanBytes)
        {
            Forget(_byArrival.Dequeue());
        }
    }

    private void Forget(Trace trace)
    {
        _traces.Remove(trace.Id);
        _spans -= trace.Spans.Count;
        _bytes -= trace.Bytes;
        foreach (var service in trace.Spans.Select(span => span.Service).Distinct())
        {
            if (--_services[service] == 0)
            {
                _services.Remove(service);
            }
        }
    }

    private List<Span> LinksTo(string id) =>
        [.. _byArrival.Where(trace => trace.Id != id).SelectMany(trace => trace.Spans)
            .Where(span => span.Links.Any(link => link.TraceId == id))
            .OrderBy(span => span.Start)
            .Take(limits.Attributes)];
}

/// <summary>A trace with its spans.</summary>
/// <param name="NotKept">How many spans came after it was full.</param>
/// <param name="LinkedBy">Spans of other traces that refer to one of its spans.</param>
internal sealed record TraceView(
    TraceSummary Summary, IReadOnlyList<Span> Spans, int NotKept, IReadOnlyList<Span> LinkedBy);

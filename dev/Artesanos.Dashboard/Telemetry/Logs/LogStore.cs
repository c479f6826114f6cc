namespace Artesanos.Dashboard.Telemetry.Logs;

/// <summary>The latest log records in memory; the oldest make room.</summary>
internal sealed class LogStore(TelemetryLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Queue<LogEntry> _entries = new();
    private readonly SortedDictionary<string, int> _services = new(StringComparer.Ordinal);
    private long _bytes;
    private long _version;

    /// <summary>Grows with every change; pages look at it to see whether to draw again.</summary>
    public long Version => Interlocked.Read(ref _version);

    public (int Records, long Bytes) Kept
    {
        get
        {
            lock (_gate)
            {
                return (_entries.Count, _bytes);
            }
        }
    }

    public void Add(IEnumerable<LogEntry> entries)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                _entries.Enqueue(entry);
                _bytes += entry.Bytes;
                _services[entry.Service] = _services.GetValueOrDefault(entry.Service) + 1;
                while (_entries.Count > limits.LogRecords || _bytes > limits.LogBytes)
                {
                    Forget(_entries.Dequeue());
                }
            }
        }
        Interlocked.Increment(ref _version);
    }

    /// <summary>The services that have log records here.</summary>
    public List<string> Services()
    {
        lock (_gate)
        {
            return [.. _services.Keys];
        }
    }

    /// <summary>What matches, newest first, and how many more there are.</summary>
    public (List<LogEntry> Entries, int More) Find(LogFilter filter, int limit)
    {
        lock (_gate)
        {
            var matching = _entries.Where(filter.Matches).ToList();
            var more = Math.Max(0, matching.Count - limit);
            matching.RemoveRange(0, more);
            // Several services write: their batches come late by as much as a second.
            var newest = matching
                .OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Number);
            return ([.. newest], more);
        }
    }

    private void Forget(LogEntry entry)
    {
        _bytes -= entry.Bytes;
        if (--_services[entry.Service] == 0)
        {
            _services.Remove(entry.Service);
        }
    }
}

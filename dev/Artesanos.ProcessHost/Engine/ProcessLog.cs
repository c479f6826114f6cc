namespace Aspire.Hosting.Engine;

/// <summary>A line of a process's output.</summary>
/// <param name="Number">Counts from 1; a gap means that lines are gone.</param>
internal sealed record LogLine(long Number, DateTimeOffset At, string Text);

/// <summary>A process's output: to a file, and its last lines in memory for messages and for
/// whoever watches.</summary>
internal sealed class ProcessLog(string path) : IDisposable
{
    private const int _maxLinesKept = 2_000;
    private const int _maxCharactersKept = 4_000;

    private readonly Lock _gate = new();
    private readonly Queue<LogLine> _tail = new();
    private StreamWriter? _file;
    private long _written;
    private bool _disposed;

    public void Write(string line)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _file ??= new StreamWriter(path, append: true) { AutoFlush = true };
                _file.WriteLine(line);
            }
            var kept = line.Length > _maxCharactersKept ? line[.._maxCharactersKept] + "…" : line;
            _tail.Enqueue(new(++_written, DateTimeOffset.UtcNow, kept));
            if (_tail.Count > _maxLinesKept)
            {
                _tail.Dequeue();
            }
        }
    }

    public string Tail(int lines)
    {
        lock (_gate)
        {
            return _tail.Count == 0 ? "(it wrote nothing)"
                : string.Join('\n', _tail.TakeLast(lines).Select(l => "    " + l.Text));
        }
    }

    /// <summary>What was written after a line and is still kept.</summary>
    public IReadOnlyList<LogLine> After(long number)
    {
        lock (_gate)
        {
            var count = (int)Math.Min(_written - number, _tail.Count);
            return count <= 0 ? [] : [.. _tail.TakeLast(count)];
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _disposed = true;
        }
    }
}

namespace Aspire.Hosting.Engine;

/// <summary>A process's output: to a file, and its last lines in memory for messages.</summary>
internal sealed class ProcessLog(string path) : IDisposable
{
    private const int _maxLinesKept = 200;

    private readonly Lock _gate = new();
    private readonly Queue<string> _tail = new();
    private StreamWriter? _file;
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
            _tail.Enqueue(line);
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
                : string.Join('\n', _tail.TakeLast(lines).Select(l => "    " + l));
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

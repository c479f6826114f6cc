using System.Text.Json;

namespace Artesanos.Dashboard.Engine;

/// <summary>A line, whose it is, and how loud.</summary>
internal sealed record ConsoleLine(string Source, LogLine Line, LineLevel Level);

/// <summary>The last console lines of some resources, as one page follows them.</summary>
internal sealed class ConsoleTail : IDisposable
{
    private const int _maxLines = 4_000;
    private static readonly TimeSpan _again = TimeSpan.FromSeconds(1);

    private readonly EngineClient _engine;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private readonly List<ConsoleLine> _lines = [];
    private long _received;

    public ConsoleTail(EngineClient engine, IEnumerable<string> ids)
    {
        _engine = engine;
        foreach (var id in ids)
        {
            _ = FollowAsync(id, _ending.Token);
        }
    }

    /// <summary>Changes with every line.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>The last lines that pass, in order of time.</summary>
    public List<ConsoleLine> Last(int count, Func<ConsoleLine, bool> passes)
    {
        lock (_gate)
        {
            return [.. _lines.Where(passes).OrderBy(line => line.Line.At).TakeLast(count)];
        }
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    private async Task FollowAsync(string id, CancellationToken ct)
    {
        var last = 0L;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var line in _engine.WatchLogAsync(id, ct))
                {
                    // A stream that broke begins again with what is kept.
                    if (line.Number > last)
                    {
                        last = line.Number;
                        Add(new(id, line, LineLevels.Of(line.Text)));
                    }
                }
                await Task.Delay(_again, ct);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException
                or JsonException)
            {
                // Only while the engine ends, perhaps in the middle of a line.
                await Task.Delay(_again, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Add(ConsoleLine line)
    {
        lock (_gate)
        {
            _lines.Add(line);
            if (_lines.Count > _maxLines)
            {
                // Many at once: each removal moves the rest.
                _lines.RemoveRange(0, _maxLines / 10);
            }
        }
        Interlocked.Increment(ref _received);
    }
}

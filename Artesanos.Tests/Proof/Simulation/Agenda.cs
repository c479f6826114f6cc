namespace Artesanos.Tests.Proof.Simulation;

/// <summary>
/// The virtual clock and what is to happen. One thing at a time, in the order of its moment, and
/// at the same moment in the order of being noted: nothing else decides what comes next.
/// </summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Action, (long Ticks, long Sequence)> _queue = new();
    private long _sequence;

    public static readonly DateTimeOffset Start = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; private set; } = Start;

    public long Happened { get; private set; }

    public void At(DateTimeOffset moment, Action action) =>
        _queue.Enqueue(action, (Math.Max(moment.UtcTicks, Now.UtcTicks), _sequence++));

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <returns>False when there is still something to do at <paramref name="end"/>.</returns>
    public bool RunUntil(DateTimeOffset end)
    {
        while (_queue.TryDequeue(out var action, out var key))
        {
            if (key.Ticks > end.UtcTicks)
            {
                return false;
            }
            Now = new DateTimeOffset(key.Ticks, TimeSpan.Zero);
            Happened++;
            action();
        }
        return true;
    }
}

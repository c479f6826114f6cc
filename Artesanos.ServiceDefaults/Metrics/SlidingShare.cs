using System.Diagnostics.Metrics;

namespace Artesanos.ServiceDefaults.Metrics;

/// <summary>
/// Which share of the last five minutes' outcomes were good, 0 to 1, of this process alone; no
/// value where there was no outcome. Over replicas, divide the rates of the counters instead.
/// </summary>
public sealed class SlidingShare
{
    private const int Slots = 30;
    private static readonly TimeSpan Slot = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly (long Number, long Good, long All)[] _slots = new (long, long, long)[Slots];
    private readonly TimeProvider _time;

    /// <param name="meter">Where it is told as a gauge without unit; null for none.</param>
    public SlidingShare(Meter? meter, string name, string description, TimeProvider time)
    {
        _time = time;
        meter?.CreateObservableGauge(name, Measure, unit: null, description);
    }

    public void Add(bool isGood)
    {
        var number = Now();
        lock (_gate)
        {
            ref var slot = ref _slots[number % Slots];
            // A slot of an earlier round is used again.
            if (slot.Number != number)
                slot = (number, 0, 0);
            slot.All++;
            slot.Good += isGood ? 1 : 0;
        }
    }

    /// <summary>Null where nothing happened within the window.</summary>
    public double? Value
    {
        get
        {
            var oldest = Now() - Slots + 1;
            var (good, all) = (0L, 0L);
            lock (_gate)
            {
                foreach (var slot in _slots)
                {
                    if (slot.Number >= oldest)
                        (good, all) = (good + slot.Good, all + slot.All);
                }
            }
            return all == 0 ? null : (double)good / all;
        }
    }

    private long Now() => _time.GetUtcNow().Ticks / Slot.Ticks;

    private IEnumerable<Measurement<double>> Measure() =>
        Value is { } share ? [new Measurement<double>(share)] : [];
}

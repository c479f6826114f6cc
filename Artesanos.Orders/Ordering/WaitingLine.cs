namespace Artesanos.Orders.Ordering;

/// <summary>
/// The orders whose payment has not started: how many, and how fast they move on. A line that
/// stands still is an outage and no overload, so nobody is kept out because of it.
/// </summary>
internal sealed class WaitingLine(AdmissionOptions options, TimeProvider time)
{
    /// <summary>How far back its speed is measured, and how long a measurement says anything.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    /// <summary>Over a moment the speed is chance.</summary>
    private static readonly TimeSpan Moment = Window / 4;

    private readonly Lock _gate = new();
    private readonly Queue<(long At, long Left)> _samples = new();
    private long _length;
    private long _measuredAt;
    private double? _speed;
    private double _credit;
    private long _creditAt;

    /// <param name="length">Orders in the line now.</param>
    /// <param name="left">All that ever left it.</param>
    public void Measure(long length, long left)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            while (_samples.TryPeek(out var old) && time.GetElapsedTime(old.At, now) > Window)
            {
                _samples.Dequeue();
            }
            _samples.Enqueue((now, left));
            var first = _samples.Peek();
            var elapsed = time.GetElapsedTime(first.At, now);
            _speed = elapsed < Moment ? null : (left - first.Left) / elapsed.TotalSeconds;
            (_length, _measuredAt) = (length, now);
        }
    }

    /// <summary>Would the last of so many orders in a line of its own wait for too long?</summary>
    public bool IsTooLong(long orders)
    {
        lock (_gate)
        {
            return IsMeasured && _speed is > 0 and var speed
                && orders > options.MinLine && orders > Longest(speed);
        }
    }

    /// <summary>
    /// Must the next order wait? A short line is joined at once. A longer one is joined at a pace:
    /// as fast as it moves on where it is just as long as it may be, faster where it is shorter,
    /// and not at all where it is twice as long. (A threshold would move with each measurement of
    /// the speed, and let in bursts.) Right after a pause the speed is soon known, and waited for.
    /// </summary>
    /// <param name="added">Orders that joined it since it was measured.</param>
    public bool MustWait(long added)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var elapsed = time.GetElapsedTime(_creditAt, now).TotalSeconds;
            _creditAt = now;
            if (!IsMeasured || _length + added <= options.MinLine || _speed == 0)
            {
                _credit = 0;
                return false;
            }
            if (_speed is not { } speed)
            {
                return true;
            }
            // Between two measurements it is taken to move on at its speed.
            var length = _length + added
                - speed * time.GetElapsedTime(_measuredAt, now).TotalSeconds;
            if (length <= Longest(speed) / 2)
            {
                _credit = 0;
                return false;
            }
            var pace = speed * Math.Clamp(2 - length / Longest(speed), 0, 1.5);
            _credit = Math.Min(_credit + pace * elapsed, 1);
            return _credit < 1;
        }
    }

    /// <summary>So many have entered.</summary>
    public void Enter(int orders)
    {
        lock (_gate)
        {
            _credit -= orders;
        }
    }

    private bool IsMeasured => time.GetElapsedTime(_measuredAt) < Window;

    /// <summary>The last order of a line of this length waits for just as long as it may.</summary>
    private double Longest(double speed) => speed * options.MaxWait.TotalSeconds;
}

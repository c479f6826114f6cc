using Artesanos.Orders.Ordering;
using Xunit;

namespace Artesanos.Tests.Ordering;

public sealed class WaitingLineTests
{
    private const int MinLine = 50;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    private readonly Clock _clock = new();
    private readonly WaitingLine _line;

    public WaitingLineTests() => _line =
        new(new AdmissionOptions { MaxWait = MaxWait, MinLine = MinLine }, _clock);

    [Fact]
    public void Nobody_is_kept_out_of_a_line_that_nobody_knows()
    {
        Assert.False(_line.MustWait(added: 1_000_000));
        Assert.False(_line.IsTooLong(1_000_000));
    }

    [Theory]
    [InlineData(50, 0)]
    [InlineData(100, 0)]
    [InlineData(101, 66)]
    [InlineData(150, 80)]
    [InlineData(200, 100)]
    [InlineData(300, 200)]
    public void The_longer_the_line_the_slower_it_is_joined(long length, int milliseconds)
    {
        Move(length, ordersPerSecond: 100);
        Assert.False(_line.MustWait(added: 0));

        _line.Enter(10);

        Assert.InRange(MillisecondsUntilRoom(), milliseconds - 2, milliseconds + 2);
    }

    [Fact]
    public void A_line_twice_as_long_as_it_may_be_is_joined_by_nobody()
    {
        Move(length: 400, ordersPerSecond: 100);

        Assert.True(_line.MustWait(added: 0));
    }

    [Fact]
    public void A_pause_lets_nobody_in_twice()
    {
        Move(length: 200, ordersPerSecond: 100);
        Assert.False(_line.MustWait(added: 0));
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.False(_line.MustWait(added: 100));

        _line.Enter(10);

        Assert.InRange(MillisecondsUntilRoom(added: 100), 98, 102);
    }

    [Fact]
    public void So_many_may_wait_outside_as_are_let_in_within_the_longest_wait()
    {
        Move(length: 1000, ordersPerSecond: 100);

        Assert.False(_line.IsTooLong(200));
        Assert.True(_line.IsTooLong(201));
    }

    [Fact]
    public void A_short_line_is_never_full_however_slow_it_is()
    {
        Move(length: MinLine, ordersPerSecond: 4);

        Assert.False(_line.MustWait(added: 0));
        Assert.True(_line.MustWait(added: 1));
    }

    [Fact]
    public void An_outage_lets_everybody_in()
    {
        Move(length: 1000, ordersPerSecond: 100);
        Move(length: 9000, ordersPerSecond: 0);

        Assert.False(_line.MustWait(added: 1_000_000));
    }

    [Fact]
    public void What_was_measured_a_while_ago_says_nothing()
    {
        Move(length: 9000, ordersPerSecond: 100);
        Assert.True(_line.MustWait(added: 0));

        _clock.Now += TimeSpan.FromSeconds(2);

        Assert.False(_line.MustWait(added: 0));
    }

    [Fact]
    public void A_moment_is_too_short_to_tell_its_speed_and_only_a_short_line_is_joined()
    {
        _line.Measure(MinLine, left: 0);
        _clock.Now += TimeSpan.FromMilliseconds(400);
        _line.Measure(MinLine, left: 40);

        Assert.False(_line.MustWait(added: 0));
        Assert.True(_line.MustWait(added: 1));
        Assert.False(_line.IsTooLong(1_000_000));
    }

    [Fact]
    public void After_a_moment_a_line_that_stands_still_is_an_outage()
    {
        _line.Measure(9000, left: 0);
        _clock.Now += TimeSpan.FromMilliseconds(500);
        _line.Measure(9000, left: 0);

        Assert.False(_line.MustWait(added: 1_000_000));
    }

    /// <summary>As many come as leave, so it stays as long as it is.</summary>
    private int MillisecondsUntilRoom(double added = 0)
    {
        for (var waited = 0; ; waited++)
        {
            if (!_line.MustWait((long)Math.Round(added)))
            {
                return waited;
            }
            _clock.Now += TimeSpan.FromMilliseconds(1);
            added += 0.1;
        }
    }

    /// <summary>Three seconds at this speed; the last of them are all that counts.</summary>
    private void Move(long length, int ordersPerSecond)
    {
        for (var i = 0; i <= 12; i++)
        {
            _left += i == 0 ? 0 : ordersPerSecond / 4;
            _line.Measure(length, _left);
            _clock.Now += i == 12 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(250);
        }
    }

    private long _left;
}

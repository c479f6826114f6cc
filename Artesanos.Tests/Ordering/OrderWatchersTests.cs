using Artesanos.Orders.Live;
using Artesanos.Orders.Ordering;
using Microsoft.Extensions.Options;
using Xunit;

namespace Artesanos.Tests.Ordering;

/// <summary>Many streams, one reader: who gets what, and how many there may be.</summary>
public sealed class OrderWatchersTests
{
    private static readonly Guid Order = Guid.CreateVersion7();

    private readonly MovedTime _time = new();
    private readonly OrderWatchers _watchers;

    public OrderWatchersTests() => _watchers = new OrderWatchers(
        Options.Create(new LiveOptions { MaxStreams = 3, MaxStreamsPerUser = 2 }), _time);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_watcher_of_an_order_gets_what_it_has_not_seen_and_nothing_twice()
    {
        var fresh = Add("ana", after: 0);
        var back = Add("ana", after: 2);

        Assert.Equal((Order, 0), Assert.Single(_watchers.Watched()));
        _watchers.Deliver([Move(1), Move(2), Move(3)]);
        _watchers.Deliver([Move(2), Move(3)]);
        _watchers.EndAll();

        Assert.Equal([1, 2, 3], await VersionsAsync(fresh));
        Assert.Equal([3], await VersionsAsync(back));
    }

    [Fact]
    public async Task A_silent_stream_says_that_it_is_alive_every_15_seconds()
    {
        var watcher = Add("ana", after: 0);

        _time.Move(TimeSpan.FromSeconds(14));
        _watchers.Beat();
        _watchers.Deliver([Move(1)]);
        _time.Move(TimeSpan.FromSeconds(14));
        _watchers.Beat();
        _time.Move(TimeSpan.FromSeconds(1));
        _watchers.Beat();
        _watchers.Beat();
        _watchers.EndAll();

        Assert.Equal([1, null], await VersionsAsync(watcher));
    }

    [Fact]
    public void Streams_are_bounded_per_user_and_altogether_and_closed_ones_make_room()
    {
        var first = Add("ana", 0);
        Add("ana", 0);
        Assert.Equal(
            OrderWatchers.Refusal.TooManyOfThisUser, _watchers.Add(Order, "ana", 0).Refusal);
        Add("eva", 0);
        Assert.Equal(OrderWatchers.Refusal.TooMany, _watchers.Add(Order, "pia", 0).Refusal);

        _watchers.Remove(first);
        _watchers.Remove(first);

        Assert.Equal(2, _watchers.Count);
        Add("ana", 0);
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_off()
    {
        var watcher = Add("ana", 0);

        _watchers.Deliver([.. Enumerable.Range(1, 1_000).Select(Move)]);

        Assert.InRange((await VersionsAsync(watcher)).Count, 1, 100);
    }

    private Watcher Add(string customer, int after)
    {
        var (watcher, refusal) = _watchers.Add(Order, customer, after);
        Assert.Equal(OrderWatchers.Refusal.None, refusal);
        return watcher!;
    }

    private static OrderMove Move(int version) => new(
        Order, version, new HistoryView("STARTED", DateTimeOffset.UnixEpoch, "OrderPlaced"));

    private static async Task<List<int?>> VersionsAsync(Watcher watcher)
    {
        var versions = new List<int?>();
        await foreach (var move in watcher.ReadAllAsync(Ct))
        {
            versions.Add(move?.Version);
        }
        return versions;
    }

    private sealed class MovedTime : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Move(TimeSpan time) => _now += time;
    }
}

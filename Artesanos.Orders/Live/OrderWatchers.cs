using Microsoft.Extensions.Options;

namespace Artesanos.Orders.Live;

/// <summary>The streams that are open at this replica.</summary>
internal sealed class OrderWatchers(IOptions<LiveOptions> options, TimeProvider time)
{
    internal enum Refusal
    {
        None,
        TooManyOfThisUser,
        TooMany,
    }

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, List<Watcher>> _byOrder = [];
    private readonly Dictionary<string, int> _byUser = [];
    private int _count;
    private bool _ended;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <param name="after">Version of the last move that the watcher knows.</param>
    public (Watcher? Watcher, Refusal Refusal) Add(Guid orderId, string customerId, int after)
    {
        lock (_lock)
        {
            var ofUser = _byUser.GetValueOrDefault(customerId);
            if (_ended || _count >= options.Value.MaxStreams)
            {
                return (null, Refusal.TooMany);
            }
            if (ofUser >= options.Value.MaxStreamsPerUser)
            {
                return (null, Refusal.TooManyOfThisUser);
            }
            var watcher = new Watcher(orderId, customerId, after, time.GetUtcNow());
            if (!_byOrder.TryGetValue(orderId, out var watchers))
            {
                _byOrder[orderId] = watchers = [];
            }
            watchers.Add(watcher);
            _byUser[customerId] = ofUser + 1;
            _count++;
            return (watcher, Refusal.None);
        }
    }

    public void Remove(Watcher watcher)
    {
        lock (_lock)
        {
            if (!_byOrder.TryGetValue(watcher.OrderId, out var watchers)
                || !watchers.Remove(watcher))
            {
                return;
            }
            if (watchers.Count == 0)
            {
                _byOrder.Remove(watcher.OrderId);
            }
            if (--_byUser[watcher.CustomerId] == 0)
            {
                _byUser.Remove(watcher.CustomerId);
            }
            _count--;
        }
    }

    /// <summary>Each watched order with the oldest version a watcher of it knows.</summary>
    public List<(Guid OrderId, int After)> Watched()
    {
        lock (_lock)
        {
            return [.. _byOrder.Select(order =>
                (order.Key, order.Value.Min(watcher => watcher.Seen)))];
        }
    }

    /// <param name="moves">In the sequence of each order's versions.</param>
    public void Deliver(IReadOnlyList<OrderMove> moves)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            foreach (var move in moves)
            {
                foreach (var watcher in _byOrder.GetValueOrDefault(move.OrderId) ?? [])
                {
                    watcher.Offer(move, now);
                }
            }
        }
    }

    /// <summary>Tells those who heard nothing for a while that the stream is alive.</summary>
    public void Beat()
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            foreach (var watcher in _byOrder.Values.SelectMany(watchers => watchers)
                .Where(watcher => now - watcher.LastEventAt >= options.Value.Heartbeat))
            {
                watcher.Beat(now);
            }
        }
    }

    /// <summary>Ends every stream; the clients go on at another replica.</summary>
    public void EndAll()
    {
        lock (_lock)
        {
            _ended = true;
            foreach (var watcher in _byOrder.Values.SelectMany(watchers => watchers))
            {
                watcher.End();
            }
        }
    }
}

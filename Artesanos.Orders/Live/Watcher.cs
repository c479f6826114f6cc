using System.Threading.Channels;
using Artesanos.Orders.Ordering;

namespace Artesanos.Orders.Live;

/// <summary>A state that an order moved to; the version is the event's id.</summary>
internal sealed record OrderMove(Guid OrderId, int Version, HistoryView Entry);

/// <summary>
/// One open stream. The reader of the replica writes to it, the request reads from it, and
/// neither waits for the other: whoever reads too slowly is cut off and comes back with the id
/// of the last event it saw.
/// </summary>
internal sealed class Watcher(Guid orderId, string customerId, int after, DateTimeOffset now)
{
    // An order has about ten states; the rest is room for heartbeats nobody reads.
    private const int Capacity = 32;

    private readonly Channel<OrderMove?> _events = Channel.CreateBounded<OrderMove?>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    public Guid OrderId => orderId;
    public string CustomerId => customerId;

    /// <summary>Version of the last move that was handed over.</summary>
    public int Seen { get; private set; } = after;

    public DateTimeOffset LastEventAt { get; private set; } = now;

    /// <summary>What comes; null is a heartbeat.</summary>
    public IAsyncEnumerable<OrderMove?> ReadAllAsync(CancellationToken ct) =>
        _events.Reader.ReadAllAsync(ct);

    public void Offer(OrderMove move, DateTimeOffset now)
    {
        if (move.Version > Seen)
        {
            Seen = move.Version;
            Write(move, now);
        }
    }

    public void Beat(DateTimeOffset now) => Write(null, now);

    public void End() => _events.Writer.TryComplete();

    private void Write(OrderMove? move, DateTimeOffset now)
    {
        LastEventAt = now;
        if (!_events.Writer.TryWrite(move))
        {
            End();
        }
    }
}

using Artesanos.StripeSimulator.Events;

namespace Artesanos.StripeSimulator.Webhooks;

/// <summary>One event on its way to one endpoint.</summary>
internal sealed class WebhookDelivery(StripeEvent happened, WebhookEndpoint endpoint)
{
    public StripeEvent Event { get; } = happened;
    public WebhookEndpoint Endpoint { get; } = endpoint;
    public int Attempts { get; set; }

    /// <summary>How often it is still to arrive: twice where a fault duplicates it.</summary>
    public int Copies { get; set; } = 1;

    /// <summary>A delivery that a fault holds back until this one has been tried.</summary>
    public WebhookDelivery? Overtaken { get; set; }
}

/// <summary>What has become of the deliveries, for whoever waits until all is quiet.</summary>
internal sealed class WebhookCounts
{
    private long _pending;
    private long _delivered;
    private long _failed;
    private long _dropped;
    private long _attempts;

    /// <summary>Waiting for an attempt or a retry.</summary>
    public long Pending => Interlocked.Read(ref _pending);
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Given up after all attempts, including the dropped.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Never tried, by a fault.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);
    public long Attempts => Interlocked.Read(ref _attempts);

    public void Began() => Interlocked.Increment(ref _pending);

    public void Tried() => Interlocked.Increment(ref _attempts);

    public void DroppedOne() => Interlocked.Increment(ref _dropped);

    public void Settled(bool delivered)
    {
        Interlocked.Increment(ref delivered ? ref _delivered : ref _failed);
        Interlocked.Decrement(ref _pending);
    }
}

namespace Artesanos.Gateway.Traffic;

/// <summary>
/// How much one caller may ask for, and how much all together. Section <c>Traffic</c>. A budget
/// fills again evenly over its minute, so that a burst of all of it is possible once.
/// </summary>
internal sealed class TrafficOptions
{
    public const string Section = "Traffic";

    /// <summary>Requests of one user in a minute.</summary>
    public int UserPerMinute { get; set; } = 600;

    /// <summary>Orders that one user may place in a minute.</summary>
    public int UserOrdersPerMinute { get; set; } = 60;

    /// <summary>
    /// Requests from one address in a minute, with any token or none. An office or a mobile
    /// network may share one, so it is far above a user's.
    /// </summary>
    public int AddressPerMinute { get; set; } = 3_000;

    /// <summary>Calls of the webhook in a minute, from anywhere.</summary>
    public int WebhooksPerMinute { get; set; } = 12_000;

    /// <summary>Requests in progress, live streams aside; one more is answered 503.</summary>
    public int MaxConcurrentRequests { get; set; } = 1_000;

    /// <summary>
    /// Networks of the proxies in front, such as <c>10.0.0.0/8</c>: only they may say whom they
    /// speak for (<c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c>).
    /// </summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];
}

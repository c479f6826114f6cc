using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Primitives;

namespace Artesanos.Gateway.Traffic;

/// <summary>
/// So many requests in a minute for each owner. What is left is told in the headers of the
/// IETF's RateLimit draft.
/// </summary>
internal sealed class Budget : IDisposable
{
    private const int WindowSeconds = 60;

    private readonly string _name;
    private readonly int _perMinute;
    private readonly Func<HttpContext, string?> _owner;
    private readonly PartitionedRateLimiter<HttpContext> _limiter;

    /// <param name="owner">Whose budget a request is paid from; null: it is free.</param>
    public Budget(string name, int perMinute, Func<HttpContext, string?> owner)
    {
        (_name, _perMinute, _owner) = (name, perMinute, owner);
        // At least one token at a time, about every second.
        var tokens = Math.Max(1, perMinute / WindowSeconds);
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromSeconds(WindowSeconds) * tokens / perMinute,
            AutoReplenishment = true,
            QueueLimit = 0,
        };
        _limiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
            owner(http) is { } who
                ? RateLimitPartition.GetTokenBucketLimiter(who, _ => bucket)
                : RateLimitPartition.GetNoLimiter(""));
    }

    /// <summary>Pays for a request and writes what is left to the answer's headers.</summary>
    /// <returns>How long to wait when nothing is left; null when it was paid.</returns>
    public TimeSpan? Pay(HttpContext http)
    {
        if (_owner(http) is null)
        {
            return null;
        }
        using var lease = _limiter.AttemptAcquire(http);
        var left = _limiter.GetStatistics(http)?.CurrentAvailablePermits ?? 0;
        var fullInSeconds = (((_perMinute - left) * WindowSeconds) + _perMinute - 1) / _perMinute;
        Append(http, "RateLimit-Policy", $"\"{_name}\";q={_perMinute};w={WindowSeconds}");
        Append(http, "RateLimit", $"\"{_name}\";r={left};t={fullInSeconds}");
        if (lease.IsAcquired)
        {
            return null;
        }
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait)
            ? wait
            : TimeSpan.FromSeconds(WindowSeconds);
    }

    public void Dispose() => _limiter.Dispose();

    private static void Append(HttpContext http, string header, FormattableString value) =>
        http.Response.Headers[header] = StringValues.Concat(
            http.Response.Headers[header], value.ToString(CultureInfo.InvariantCulture));
}

using System.Threading.RateLimiting;
using OpenTelemetry.Trace;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// Keeps every new trace up to a number per second, and more of a burst: a quiet system is traced
/// whole, and at full load tracing costs no more than at that rate.
/// </summary>
internal sealed class RateLimitedSampler(int perSecond, int burst) : Sampler, IDisposable
{
    private readonly TokenBucketRateLimiter _budget = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = burst,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
    });

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        using var lease = _budget.AttemptAcquire();
        return new SamplingResult(
            lease.IsAcquired ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
    }

    public void Dispose() => _budget.Dispose();
}

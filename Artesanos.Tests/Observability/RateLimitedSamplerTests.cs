using System.Diagnostics;
using Artesanos.ServiceDefaults;
using OpenTelemetry.Trace;
using Xunit;

namespace Artesanos.Tests.Observability;

public sealed class RateLimitedSamplerTests
{
    [Fact]
    public void Of_many_traces_at_once_a_burst_is_kept()
    {
        using var sampler = new RateLimitedSampler(perSecond: 1, burst: 3);

        var decisions = Enumerable.Range(0, 100).Select(_ => sampler.ShouldSample(
            new SamplingParameters(
                default, ActivityTraceId.CreateRandom(), "POST /orders", ActivityKind.Server))
            .Decision).ToList();

        Assert.Equal(3, decisions.Count(kept => kept == SamplingDecision.RecordAndSample));
        Assert.Equal(97, decisions.Count(kept => kept == SamplingDecision.Drop));
    }
}

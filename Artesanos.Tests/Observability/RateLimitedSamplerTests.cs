using System.Diagnostics;
using Artesanos.ServiceDefaults;
using OpenTelemetry.Trace;
using Xunit;

namespace Artesanos.Tests.Observability;

public sealed class RateLimitedSamplerTests
{
    [Fact]
    public void Of_a_burst_no_more_traces_are_kept_than_of_a_second()
    {
        using var sampler = new RateLimitedSampler(perSecond: 3);

        var decisions = Enumerable.Range(0, 100).Select(_ => sampler.ShouldSample(
            new SamplingParameters(
                default, ActivityTraceId.CreateRandom(), "POST /orders", ActivityKind.Server))
            .Decision).ToList();

        Assert.Equal(3, decisions.Count(kept => kept == SamplingDecision.RecordAndSample));
        Assert.Equal(97, decisions.Count(kept => kept == SamplingDecision.Drop));
    }
}

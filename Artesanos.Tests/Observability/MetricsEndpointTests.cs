using System.Net;
using Xunit;

namespace Artesanos.Tests.Observability;

/// <summary>Metrics are for scrapers inside; the world sees none of them.</summary>
[Trait("Category", "E2E")]
public sealed class MetricsEndpointTests(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Services => ["gateway", "orders", "payments", "inventory"];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_scraper_inside_reads_a_service_without_a_token(string service)
    {
        var text = await Scrape.ReadAsync(topology, service, Ct);

        Assert.Contains("dotnet_gc_collections_total", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Metrics_are_not_found_from_outside(string service)
    {
        foreach (var path in new[] { "metrics", "metrics/", "METRICS", "metrics/x", "%6detrics" })
        {
            using var answer = await topology.Gateway.GetAsync($"/{service}/{path}", Ct);

            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_forged_host_header_does_not_open_the_gateways_metrics()
    {
        var inside = Scrape.AddressOf(topology, "gateway");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/gateway/metrics");
        request.Headers.Host = inside.Authority;
        request.Headers.Add("X-Forwarded-Port", $"{inside.Port}");

        using var answer = await topology.Gateway.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}

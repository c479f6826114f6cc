using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Artesanos.Tests.Deployment;

/// <summary>
/// Stands in for the platform's load balancer: it asks each gateway for <c>/health</c> and sends
/// requests to those that are well. It repeats nothing.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Balancer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<Balancer> StartAsync(
        IEnumerable<Uri> gateways, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new() { RouteId = "all", ClusterId = "gateways", Match = new() { Path = "{**all}" } }],
            [
                new()
                {
                    ClusterId = "gateways",
                    Destinations = gateways.ToDictionary(
                        gateway => $"{gateway.Port}",
                        gateway => new DestinationConfig { Address = gateway.ToString() }),
                    HealthCheck = new()
                    {
                        Active = new()
                        {
                            Enabled = true,
                            Path = "/health",
                            Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                            Interval = TimeSpan.FromMilliseconds(200),
                            Timeout = TimeSpan.FromSeconds(2),
                        },
                    },
                },
            ]);
        var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync(ct);
        return new Balancer(app);
    }

    public bool Uses(Uri gateway) =>
        _app.Services.GetRequiredService<IProxyStateLookup>()
            .TryGetCluster("gateways", out var cluster)
        && cluster.Destinations[$"{gateway.Port}"].Health.Active == DestinationHealth.Healthy;

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

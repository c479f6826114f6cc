using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Health;

namespace Artesanos.Gateway.Routing;

/// <summary>Turns <see cref="PublicRoutes"/> into endpoints.</summary>
internal static class GatewayRouting
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    public static void AddRouting(this WebApplicationBuilder builder)
    {
        var clusters = Destinations.Read(builder.Configuration, PublicRoutes.Services);
        builder.Services.AddReverseProxy()
            .LoadFromMemory(
                PublicRoutes.All, [.. clusters, .. clusters.Where(PublicRoutes.HasStreams)
                    .Select(Destinations.ForStreams)])
            .ConfigureHttpClient((_, handler) => handler.ConnectTimeout = ConnectTimeout);
        // A replica is left out for at least the window in which its failures are counted.
        builder.Services.Configure<TransportFailureRateHealthPolicyOptions>(policy =>
            policy.DetectionWindowSize = Destinations.ReactivateAfter);
        builder.Services.AddHealthChecks()
            .AddCheck<DestinationsKnown>("destinations", tags: [Readiness.Tag]);
    }

    public static void MapRouting(this WebApplication app)
    {
        var unreachable = new UnreachableReplicas(
            app.Services.GetRequiredService<ILogger<UnreachableReplicas>>());
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(unreachable.TryOthersAsync);
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });

        foreach (var pattern in PublicRoutes.NeverProxied)
            app.Map(pattern, NothingHere).AllowAnonymous();
        app.MapFallback("{**path}", NothingHere).AllowAnonymous();
    }

    private static ProblemHttpResult NothingHere() =>
        Problems.NotFound("The gateway has no such route.");
}

/// <summary>
/// Ready means every service has an address. Whether it answers is its own readiness: a gateway
/// that went unready with one service would take the others' traffic down too.
/// </summary>
internal sealed class DestinationsKnown(IProxyStateLookup proxy) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var unknown = PublicRoutes.Services.Where(service =>
            !proxy.TryGetCluster(service, out var cluster) || cluster.Destinations.IsEmpty);
        var names = string.Join(", ", unknown);
        return Task.FromResult(names.Length == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"No address known for: {names}"));
    }
}

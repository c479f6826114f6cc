using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Artesanos.ServiceDefaults.Metrics;

/// <summary>Where Prometheus reads what a host measures (docs/metrics.md).</summary>
public static class MetricsEndpoint
{
    /// <summary>
    /// The port of <c>ASPNETCORE_URLS</c> that metrics are confined to. A host that the world
    /// reaches has one the world does not reach; inside, the ordinary port does.
    /// </summary>
    private const string PortKey = "Metrics:Port";

    /// <summary>Maps <c>/{service}/metrics</c>, anonymous.</summary>
    /// <param name="service">First part of the path, as in the service's other routes.</param>
    /// <param name="isPublic">
    /// The world reaches this host: metrics are then served on <c>Metrics__Port</c> alone, and
    /// not at all where that is not set.
    /// </param>
    /// <exception cref="WrongSettingException"><c>Metrics__Port</c> is no port.</exception>
    public static void MapMetrics(this WebApplication app, string service, bool isPublic = false)
    {
        ArgumentNullException.ThrowIfNull(app);
        var port = PortOf(app.Configuration);
        // Without a provider telemetry is switched off.
        if ((isPublic && port is null) || app.Services.GetService<MeterProvider>() is null)
            return;

        app.MapPrometheusScrapingEndpoint(
            $"/{service}/metrics", meterProvider: null, optionsName: null,
            configureBranchedPipeline: branch =>
            {
                if (port is { } only)
                    branch.Use((context, next) =>
                        IsOn(only, context) ? next(context) : Hide(context));
            }).AllowAnonymous().DisableHttpMetrics();
    }

    // The socket's own port: the Host header is whatever the caller writes.
    private static bool IsOn(int port, HttpContext context) => context.Connection.LocalPort == port;

    private static Task Hide(HttpContext context) =>
        Problems.NotFound("There is no such route.").ExecuteAsync(context);

    private static int? PortOf(IConfiguration configuration) => configuration[PortKey] switch
    {
        null or "" => null,
        var text when int.TryParse(text, out var port) && port is > 0 and < 65536 => port,
        _ => throw new WrongSettingException(
            "Metrics__Port must be a port (1 to 65535) that ASPNETCORE_URLS listens on and the "
            + "world does not reach, such as 9464."),
    };
}

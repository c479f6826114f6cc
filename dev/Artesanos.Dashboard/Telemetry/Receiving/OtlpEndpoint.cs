using Artesanos.Dashboard.Login;
using Artesanos.Dashboard.Telemetry.Logs;
using Artesanos.Dashboard.Telemetry.Metrics;
using Artesanos.Dashboard.Telemetry.Traces;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Artesanos.Dashboard.Telemetry.Receiving;

/// <summary>
/// OTLP over gRPC on a port of its own: HTTP/2 without TLS, on loopback, for senders that carry
/// the key. Nothing else answers on that port, and the receivers answer on no other.
/// </summary>
internal static class OtlpEndpoint
{
    public const string KeyHeader = "x-otlp-api-key";

    // The most that one export may hold; the exporters send 512 spans or records at a time.
    private const int MaxRequestBytes = 16 * 1024 * 1024;

    private const string Exports = "/opentelemetry.proto.collector.";

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<TelemetryLimits>()
            .AddSingleton<TraceStore>().AddSingleton<LogStore>().AddSingleton<MetricStore>()
            .AddSingleton<WireReader>()
            .AddSingleton<TraceReceiver>().AddSingleton<LogReceiver>()
            .AddSingleton<MetricReceiver>()
            .AddGrpc(grpc => grpc.MaxReceiveMessageSize = MaxRequestBytes);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(
            kestrel.ApplicationServices.GetRequiredService<DashboardOptions>().OtlpPort,
            port => port.Protocols = HttpProtocols.Http2));
    }

    /// <summary>Call it before anything that answers: it keeps the two ports apart.</summary>
    public static void UseOtlp(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<DashboardOptions>();
        app.Use((context, next) =>
        {
            var request = context.Request;
            var isExport = request.Path.Value!.StartsWith(Exports, StringComparison.Ordinal);
            if (isExport != (context.Connection.LocalPort == options.OtlpPort))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
            if (isExport && !TokenLogin.AreEqual(request.Headers[KeyHeader], options.OtlpKey))
            {
                // gRPC clients read it as UNAUTHENTICATED.
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return Task.CompletedTask;
            }
            return next(context);
        });
        app.MapGrpcService<TraceReceiver>().AllowAnonymous();
        app.MapGrpcService<LogReceiver>().AllowAnonymous();
        app.MapGrpcService<MetricReceiver>().AllowAnonymous();
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// Traces, metrics and logs over OTLP, and metrics for Prometheus. Configured by the standard
/// <c>OTEL_*</c> variables only; <c>OTEL_SDK_DISABLED=true</c> leaves all of it out.
/// </summary>
internal static class Telemetry
{
    private const string ServiceNameKey = "OTEL_SERVICE_NAME";
    private const int TracesPerSecond = 20;
    private const int TracesAtOnce = 200;

    // By name and not by instrumentation, which adds a dozen meters more that nobody looks at:
    // docs/metrics.md has every one of these.
    private static readonly string[] Meters =
    [
        "Artesanos.*", "Npgsql", "NATS.Net", "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Diagnostics",
        "System.Net.Http", "System.Runtime",
    ];

    /// <param name="builder">The service.</param>
    /// <param name="atTheEdge">Whether its callers are strangers, whose wish to trace or not to
    /// trace an order decides nothing.</param>
    public static void AddTelemetry(this WebApplicationBuilder builder, bool atTheEdge)
    {
        TelemetrySettings.Check(builder.Configuration);
        if (builder.Configuration[TelemetrySettings.DisabledKey] is { } disabled
            && disabled.Equals("true", StringComparison.OrdinalIgnoreCase))
            return;

        // Without an exporter the tracer still runs: messages store the trace id, so that an
        // order stays one trace across services even where nobody collects it.
        var telemetry = builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
            .AddSource("Artesanos.*", "Npgsql")
            .AddAspNetCoreInstrumentation(http => http.Filter = IsWorthATrace)
            .AddHttpClientInstrumentation());

        // Whoever begins a trace decides for all of it; children of a probe stay out with it.
        if (string.IsNullOrEmpty(builder.Configuration[TelemetrySettings.SamplerKey]))
        {
            var ours = new RateLimitedSampler(TracesPerSecond, TracesAtOnce);
            telemetry.WithTracing(tracing => tracing.SetSampler(atTheEdge
                ? new ParentBasedSampler(ours, ours, ours)
                : new ParentBasedSampler(ours)));
        }

        if (string.IsNullOrEmpty(builder.Configuration[ServiceNameKey]))
        {
            var name = builder.Environment.ApplicationName;
            telemetry.ConfigureResource(resource => resource.AddService(name));
        }

        telemetry.WithMetrics(metrics => metrics
            .AddMeter(Meters)
            .AddPrometheusExporter());

        // Logs have no use but this exporter; leaving it out keeps the start quick.
        if (string.IsNullOrEmpty(builder.Configuration[TelemetrySettings.EndpointKey]))
            return;

        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });
        telemetry.UseOtlpExporter();
    }

    // Probes and scrapes come every few seconds and would bury the orders.
    private static bool IsWorthATrace(HttpContext context)
    {
        var path = context.Request.Path;
        return path != Readiness.AlivePath
            && path != Readiness.HealthPath
            && path.Value?.EndsWith("/metrics", StringComparison.Ordinal) != true;
    }
}

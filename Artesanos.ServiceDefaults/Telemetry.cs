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
/// Traces, metrics and logs over OTLP. Configured by the standard <c>OTEL_*</c> variables only.
/// </summary>
internal static class Telemetry
{
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceNameKey = "OTEL_SERVICE_NAME";
    private const string SamplerKey = "OTEL_TRACES_SAMPLER";

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        // Without an exporter the tracer still runs: messages store the trace id, so that an
        // order stays one trace across services even where nobody collects it.
        var telemetry = builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
            .AddSource("Artesanos.*", "Npgsql")
            .AddAspNetCoreInstrumentation(http => http.Filter = IsWorthATrace)
            .AddHttpClientInstrumentation());

        // A caller outside who does not trace must not switch off the trace of an order. Children
        // of a probe, which is not traced, stay out as well.
        if (string.IsNullOrEmpty(builder.Configuration[SamplerKey]))
        {
            telemetry.WithTracing(tracing => tracing.SetSampler(new ParentBasedSampler(
                new AlwaysOnSampler(), remoteParentNotSampled: new AlwaysOnSampler())));
        }

        if (string.IsNullOrEmpty(builder.Configuration[ServiceNameKey]))
        {
            var name = builder.Environment.ApplicationName;
            telemetry.ConfigureResource(resource => resource.AddService(name));
        }

        // Metrics and logs have no use but the exporter; leaving them out keeps the start quick.
        if (string.IsNullOrEmpty(builder.Configuration[EndpointKey]))
            return;

        telemetry.WithMetrics(metrics => metrics
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation()
            .AddRuntimeInstrumentation()
            .AddMeter("Artesanos.*", "Npgsql", "NATS.Net"));
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

using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// <c>/alive</c>: the process answers; if it does not, restart it. <c>/health</c>: it can do its
/// work now (200, <c>Healthy</c> or <c>Degraded</c>); if not (503, <c>Unhealthy</c>), send it no
/// traffic. A service adds its checks with the tag <see cref="Tag"/>. A check's description is
/// its public reason: words of our own, no addresses, no exception's message.
/// </summary>
public static class Readiness
{
    /// <summary>The tag of checks that decide about <c>/health</c>.</summary>
    public const string Tag = "ready";

    internal const string AlivePath = "/alive";
    internal const string HealthPath = "/health";

    internal static void AddReadiness(this WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks();
        builder.Services.AddSingleton<ReadinessReport>();
    }

    internal static void MapReadiness(this WebApplication app)
    {
        var report = app.Services.GetRequiredService<ReadinessReport>();
        Map(AlivePath, _ => false, ReadinessReport.WriteAsync);
        Map(HealthPath, check => check.Tags.Contains(Tag), report.LogChangeAndWriteAsync);

        void Map(string path, Func<HealthCheckRegistration, bool> selects,
            Func<HttpContext, HealthReport, Task> write)
        {
            app.MapHealthChecks(path, new HealthCheckOptions
            {
                Predicate = selects,
                ResponseWriter = write,
            }).AllowAnonymous().DisableHttpMetrics();
        }
    }
}

/// <summary>
/// Names each check, its state and the reason in the answer. The exception goes to the log only,
/// once per change: the endpoint is anonymous and polled.
/// </summary>
internal sealed partial class ReadinessReport(ILogger<ReadinessReport> logger)
{
    private volatile HealthStatus _last = HealthStatus.Healthy;

    public Task LogChangeAndWriteAsync(HttpContext context, HealthReport report)
    {
        if (_last != report.Status)
        {
            _last = report.Status;
            foreach (var (name, entry) in report.Entries)
            {
                if (entry.Status != HealthStatus.Healthy)
                    LogNotReady(name, entry.Status, entry.Description, entry.Exception);
            }

            if (report.Status == HealthStatus.Healthy)
                LogReadyAgain();
        }

        return WriteAsync(context, report);
    }

    public static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = MediaTypeNames.Application.Json;
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        json.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
            json.WriteString(name, entry.Status.ToString());
        json.WriteEndObject();
        if (report.Status != HealthStatus.Healthy)
            WriteReasons(json, report);
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private static void WriteReasons(Utf8JsonWriter json, HealthReport report)
    {
        json.WriteStartObject("reasons");
        foreach (var (name, entry) in report.Entries)
        {
            if (entry.Status != HealthStatus.Healthy && entry.Description is { } reason)
                json.WriteString(name, reason);
        }
        json.WriteEndObject();
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Not ready: check {Check} is {Status}: {Reason}")]
    private partial void LogNotReady(
        string check, HealthStatus status, string? reason, Exception? exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready again")]
    private partial void LogReadyAgain();
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Artesanos.ServiceDefaults;

/// <summary>One line per event for people in Development, JSON for collectors elsewhere.</summary>
internal static class ConsoleLogs
{
    // The frameworks log several lines per request at Information, which floods under load. Health
    // checks log at every poll; ReadinessReport logs the changes instead.
    // The proxy logs a stack trace per failed request; the gateway logs one line instead. Likewise
    // per failed probe; that a replica became unhealthy is a line of its own.
    private static readonly (string Category, LogLevel Level)[] Quiet =
    [
        ("Microsoft.AspNetCore", LogLevel.Warning),
        ("Microsoft.EntityFrameworkCore", LogLevel.Warning),
        ("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None),
        ("System.Net.Http", LogLevel.Warning),
        ("Yarp", LogLevel.Warning),
        ("Yarp.ReverseProxy.Forwarder", LogLevel.Error),
        ("Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", LogLevel.Error),
    ];

    public static void AddConsoleLogs(this WebApplicationBuilder builder)
    {
        var logging = builder.Logging;
        logging.ClearProviders();
        foreach (var (category, level) in Quiet)
        {
            // A rule added in code would win over configuration, so it is added only where
            // configuration says nothing.
            if (builder.Configuration[$"Logging:LogLevel:{category}"] is null)
                logging.AddFilter(category, level);
        }

        if (builder.Environment.IsDevelopment())
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
                console.UseUtcTimestamp = true;
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }
        else
        {
            logging.AddJsonConsole(console =>
            {
                // Scopes carry the trace id.
                console.IncludeScopes = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                console.UseUtcTimestamp = true;
            });
        }
    }
}

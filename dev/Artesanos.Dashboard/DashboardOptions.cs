using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Artesanos.Dashboard;

/// <summary>What the engine tells the dashboard: section <c>Dashboard</c>.</summary>
internal sealed class DashboardOptions
{
    private const string _cure = " The engine sets it: start the AppHost, not the dashboard.";

    /// <summary>Port of the pages, on loopback.</summary>
    [Range(1, 65535, ErrorMessage = "Dashboard__Port is missing." + _cure)]
    public int Port { get; set; }

    /// <summary>Whoever knows it may look and give commands.</summary>
    [MinLength(22, ErrorMessage = "Dashboard__Token is shorter than 22 characters." + _cure)]
    public string Token { get; set; } = "";

    /// <summary>Where the engine tells about its resources.</summary>
    [Required(ErrorMessage = "Dashboard__EngineUrl is missing." + _cure)]
    public Uri? EngineUrl { get; set; }

    /// <summary>What the engine wants to see before it tells.</summary>
    [MinLength(22, ErrorMessage = "Dashboard__EngineToken is missing or short." + _cure)]
    public string EngineToken { get; set; } = "";

    /// <summary>Port for OTLP over gRPC, on loopback: HTTP/2 without TLS.</summary>
    [Range(1, 65535, ErrorMessage = "Dashboard__OtlpPort is missing." + _cure)]
    public int OtlpPort { get; set; }

    /// <summary>What senders of telemetry carry in the header <c>x-otlp-api-key</c>.</summary>
    [MinLength(22, ErrorMessage = "Dashboard__OtlpKey is missing or short." + _cure)]
    public string OtlpKey { get; set; } = "";
}

internal static class DashboardOptionsSetup
{
    private const string _section = "Dashboard";

    public static void AddDashboardOptions(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DashboardOptions>().BindConfiguration(_section)
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(
            services => services.GetRequiredService<IOptions<DashboardOptions>>().Value);
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            // Not bound yet means 0: validation says so before anything listens.
            var port = context.Configuration.GetValue<int>(
                $"{_section}:{nameof(DashboardOptions.Port)}");
            kestrel.ListenLocalhost(port);
        });
    }
}

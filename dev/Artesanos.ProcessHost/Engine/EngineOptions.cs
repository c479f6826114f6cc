using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Engine;

/// <summary>What configuration may change about the process engine (docs/hosting.md).</summary>
internal sealed class EngineOptions(IConfiguration configuration)
{
    public required string AppHostName { get; init; }
    public required string AppHostDirectory { get; init; }

    /// <summary>Debug or Release: the services run from the same kind of build.</summary>
    public required string BuildConfiguration { get; init; }

    /// <summary>In tests every port is free, so that they run beside a running AppHost.</summary>
    public required bool RandomizePorts { get; init; }

    public required bool WritesToConsole { get; init; }

    /// <summary>Project of the dashboard; null where the AppHost knows none.</summary>
    public string? DashboardProject { get; init; }

    /// <summary>For the developer at the screen; others ask for it.</summary>
    public bool ShowsDashboard => configuration["Dashboard"] switch
    {
        null or "" => WritesToConsole && configuration["Data"] != "ephemeral",
        var text => text != "off",
    };

    public bool AllowsDownload { get; } = !configuration.GetValue<bool>("no-download");

    /// <summary>For nats-server; <c>always</c> makes every acknowledged message durable.</summary>
    public string NatsSyncInterval { get; } = configuration["Nats:SyncInterval"] ?? "always";

    /// <summary>How long the whole start may take, downloads included.</summary>
    public TimeSpan StartTimeout { get; } =
        configuration.GetValue<TimeSpan?>("Start:Timeout") ?? TimeSpan.FromMinutes(5);

    /// <summary>One log file per process; the run's own folder if null.</summary>
    public string? LogsFolder { get; } = configuration["Logs:Folder"];

    /// <summary>A port instead of the one in code or launchSettings; 0 means a free one.</summary>
    public int? PortOf(string resourceName) =>
        configuration.GetValue<int?>($"Ports:{resourceName}");

    /// <summary>Folder of a server's programs, or its program.</summary>
    public string? PathOf(string server) => configuration[$"Servers:{server}"];

    // The log folder is known once the run's folder exists; tests read it from configuration.
    public void PublishLogsFolder(string folder) => configuration["Logs:Folder"] = folder;

    // Likewise the cluster's: its folder has the users' seeds.
    public void PublishNatsFolder(string folder) => configuration["Nats:Folder"] = folder;

    // Likewise, once it answers: the address with the token.
    public void PublishDashboard(string url) => configuration["Dashboard:Url"] = url;
}

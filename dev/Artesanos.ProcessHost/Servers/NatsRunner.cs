using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Servers;

/// <summary>A nats-server as a native process.</summary>
internal sealed class NatsRunner(NatsServerResource resource, RunContext context)
    : ResourceRunner(resource)
{
    private static readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private NatsProgram? _program;
    private ServerFolder? _folder;
    private int _monitoringPort;

    public override async Task PrepareAsync(CancellationToken ct)
    {
        _folder = ServerFolder.Take(resource, resource.PasswordParameter, context);
        _monitoringPort = context.Ports.AllocateFree();
        _program = await NatsProgram.FindAsync(resource.Name, context, ct);
        context.Console.Write($"{resource.Name}: nats-server {_program.Version} on "
            + $"{resource.PrimaryEndpoint.Url}, monitoring on http://127.0.0.1:{_monitoringPort}, "
            + $"data and password in {_folder.FullPath}");
    }

    public override async Task<ProcessSpec> DescribeAsync(Instance instance, CancellationToken ct)
    {
        var config = Path.Combine(_folder!.FullPath, "nats-server.conf");
        Folders.WritePrivate(config, await ConfigurationAsync(ct));
        if (resource.PasswordParameter is { } password)
        {
            _folder.RememberPassword((await password.GetValueAsync(ct))!);
        }
        context.Ports.Release(_monitoringPort);
        return new(_program!.Path, ["-c", config]) { WorkingDirectory = _folder.FullPath };
    }

    public override Task<string?> ProbeAsync(Instance instance, CancellationToken ct) =>
        ProbeAsync($"http://127.0.0.1:{_monitoringPort}", ct);

    /// <summary>Null if the server behind this monitoring address is healthy.</summary>
    public static async Task<string?> ProbeAsync(string monitoring, CancellationToken ct)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"{monitoring}/healthz"), ct);
            return answer.IsSuccessStatusCode ? null
                : await answer.Content.ReadAsStringAsync(ct);
        }
        catch (HttpRequestException failure)
        {
            return failure.Message;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _folder?.Dispose();
        base.Dispose(disposing);
    }

    private async Task<string> ConfigurationAsync(CancellationToken ct)
    {
        var user = resource.UserNameParameter is { } u
            ? await u.GetValueAsync(ct) : NatsServerResource.DefaultUserName;
        var lines = new List<string>
        {
            $"server_name: {Quoted(resource.Name)}",
            string.Create(CultureInfo.InvariantCulture,
                $"listen: \"127.0.0.1:{resource.PrimaryEndpoint.Port}\""),
            string.Create(CultureInfo.InvariantCulture, $"http: \"127.0.0.1:{_monitoringPort}\""),
        };
        if (resource.PasswordParameter is { } password)
        {
            lines.Add($"authorization {{ user: {Quoted(user)}, "
                + $"password: {Quoted(await password.GetValueAsync(ct))} }}");
        }
        if (resource.Annotations.OfType<JetStreamAnnotation>().Any())
        {
            var sync = _program!.KnowsSyncInterval
                ? $", sync_interval: {Quoted(context.Options.NatsSyncInterval)}" : "";
            var store = Quoted(Path.Combine(_folder!.FullPath, "data"));
            lines.Add($"jetstream {{ store_dir: {store}{sync} }}");
        }
        return string.Join('\n', lines) + "\n";
    }

    private static string Quoted(string? text) =>
        "\"" + (text ?? "").Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}

/// <summary>A nats-server program.</summary>
internal sealed record NatsProgram(string Path, Version Version)
{
    // Older ones drop options silently, do not know sync_interval, and have known advisories.
    private static readonly Version _oldestUsable = new(2, 10);

    public bool KnowsSyncInterval => Version >= _oldestUsable;

    public static async Task<NatsProgram> FindAsync(
        string resourceName, RunContext context, CancellationToken ct)
    {
        NatsProgram? old = null;
        foreach (var path in Candidates(context.Options.PathOf("nats")))
        {
            if (await InspectAsync(path, ct) is not { } program)
            {
                continue;
            }
            if (program.KnowsSyncInterval)
            {
                return program;
            }
            old ??= program;
        }
        if (await new PackageFetcher(context).FetchNatsAsync(ct) is { } fetched
            && await InspectAsync(fetched, ct) is { } downloaded)
        {
            return downloaded;
        }
        if (old is not null)
        {
            context.Console.WriteError(
                $"WARNING: nats-server {old.Version} in {old.Path} is older than {_oldestUsable}. "
                + "It runs without sync_interval, so a power cut may lose acknowledged messages, "
                + "and it has known advisories. Install 2.10.27 or newer.");
            return old;
        }
        throw new DistributedApplicationException(
            $"""
            Resource '{resourceName}' needs nats-server {_oldestUsable} or newer, and none was
            found: not at the configuration key Servers:nats, not on PATH, not in /usr/sbin, and
            not fetched into {Folders.Cache}.
            Install it (Debian 13: apt install nats-server; macOS: brew install nats-server;
            Windows: winget install NATSAuthors.NATSServer; else nats.io/download), or set
            Servers__nats to an unpacked one.
            """);
    }

    private static IEnumerable<string> Candidates(string? configured)
    {
        if (configured is not null)
        {
            return Directory.Exists(configured)
                ? [System.IO.Path.Combine(configured, "nats-server")] : [configured];
        }
        string?[] candidates =
        [
            Programs.OnPath("nats-server"), "/usr/sbin/nats-server", "/usr/local/bin/nats-server",
            "/opt/homebrew/bin/nats-server", PackageFetcher.CachedNats,
        ];
        return candidates.OfType<string>().Distinct();
    }

    private static async Task<NatsProgram?> InspectAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return null;
        }
        var (code, output) = await Programs.TryRunAsync(new(path, ["--version"]), ct);
        var number = output.Split('v').LastOrDefault()?.Split('-')[0].Trim();
        return code == 0 && Version.TryParse(number, out var version) ? new(path, version) : null;
    }
}

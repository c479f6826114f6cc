using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Servers;

/// <summary>Fetches servers that are not here from the distribution's mirror into the user's
/// cache. Nothing is installed into the system.</summary>
internal sealed class PackageFetcher(RunContext context)
{
    private static string Root => Path.Combine(Folders.Cache, "packages");
    private static string PostgresRoot => Path.Combine(Root, "postgresql");
    private static string NatsRoot => Path.Combine(Root, "nats-server");

    public static string CachedNats => Path.Combine(NatsRoot, "usr", "sbin", "nats-server");

    public static IEnumerable<string> CachedPostgres()
    {
        var versions = Path.Combine(PostgresRoot, "usr", "lib", "postgresql");
        return Directory.Exists(versions)
            ? Directory.EnumerateDirectories(versions).Select(v => Path.Combine(v, "bin")) : [];
    }

    /// <summary>Where the libraries of unpacked programs are; null for installed ones.</summary>
    public static string? LibrariesFor(string folder)
    {
        if (!folder.StartsWith(PostgresRoot, StringComparison.Ordinal))
        {
            return null;
        }
        IEnumerable<string> roots = ["usr/lib", "lib"];
        var folders = roots.Select(l => Path.Combine(PostgresRoot, l)).Where(Directory.Exists)
            .SelectMany(l => Directory.EnumerateDirectories(l, "*-linux-gnu*"));
        return string.Join(':', folders);
    }

    /// <summary>The path of a fetched nats-server; null if none could be fetched.</summary>
    public async Task<string?> FetchNatsAsync(CancellationToken ct)
    {
        if (!CanFetch("nats-server 2.10 or newer"))
        {
            return null;
        }
        using var held = await LockAsync("nats-server", ct);
        if (File.Exists(CachedNats))
        {
            return CachedNats;
        }
        // Stable distributions may carry one that is too old, so newer suites are asked first. A
        // Go program needs little of the system: it runs unchanged on an older one.
        var archive = Archive();
        string[] suites = archive.Uri.EndsWith("/ubuntu", StringComparison.Ordinal)
            ? ["devel", "noble"] : ["sid", "trixie"];
        foreach (var suite in suites)
        {
            context.Console.Write(
                $"Fetching nats-server from {archive.Uri} ({suite}) into {NatsRoot}");
            try
            {
                using var apt = await PrivateApt.OpenAsync(Root, [archive.Line(suite)], ct);
                await apt.UnpackAsync(["nats-server"], NatsRoot, ct);
                return CachedNats;
            }
            catch (DistributedApplicationException failure)
            {
                context.Console.WriteError($"That failed: {failure.Message}");
            }
        }
        return null;
    }

    /// <summary>The folder of a fetched PostgreSQL's programs; null if it could not be fetched.
    /// </summary>
    public async Task<string?> FetchPostgresAsync(CancellationToken ct)
    {
        if (!CanFetch("PostgreSQL"))
        {
            return null;
        }
        using var held = await LockAsync("postgresql", ct);
        if (CachedPostgres().FirstOrDefault() is { } cached)
        {
            return cached;
        }
        context.Console.Write($"Fetching PostgreSQL from {Archive().Uri} into {PostgresRoot}");
        try
        {
            var lines = AptSources.ReadAll().Where(IsDistribution)
                .SelectMany(s => s.Suites.Select(s.Line));
            using var apt = await PrivateApt.OpenAsync(Root, lines, ct);
            var server = (await apt.DependenciesAsync("postgresql", ct)).First(
                p => p.StartsWith("postgresql-", StringComparison.Ordinal) && char.IsDigit(p[^1]));
            await apt.UnpackAsync(await ClosureAsync(apt, server, ct), PostgresRoot, ct);
        }
        catch (DistributedApplicationException failure)
        {
            context.Console.WriteError($"That failed: {failure.Message}");
        }
        return CachedPostgres().FirstOrDefault();
    }

    // The server and the libraries it needs that the system does not have. The scripts around it
    // (postgresql-common) would manage clusters, and LLVM only serves a compiler we turn off.
    private static async Task<IReadOnlyList<string>> ClosureAsync(
        PrivateApt apt, string server, CancellationToken ct)
    {
        var (_, output) = await Programs.TryRunAsync(
            new("dpkg-query", ["-W", "-f", "${Package} ${db:Status-Status}\n"]), ct);
        var seen = output.Split('\n').Where(l => l.EndsWith(" installed", StringComparison.Ordinal))
            .Select(l => l.Split(' ')[0]).ToHashSet();
        var closure = new List<string>();
        var open = new Queue<string>([server]);
        while (open.TryDequeue(out var package))
        {
            closure.Add(package);
            foreach (var needed in await apt.DependenciesAsync(package, ct))
            {
                if (needed.StartsWith("lib", StringComparison.Ordinal)
                    && !needed.StartsWith("libllvm", StringComparison.Ordinal) && seen.Add(needed))
                {
                    open.Enqueue(needed);
                }
            }
        }
        return closure;
    }

    // Two AppHosts that miss the same server fetch it once.
    private async Task<FileStream> LockAsync(string package, CancellationToken ct)
    {
        var path = Path.Combine(Folders.Create(Root), package + ".lock");
        if (Folders.TryLock(path) is { } free)
        {
            return free;
        }
        context.Console.Write($"Another AppHost is fetching {package}: waiting for it");
        return await Folders.LockAsync(path, ct);
    }

    private bool CanFetch(string what)
    {
        if (!PrivateApt.IsHere)
        {
            return false;
        }
        if (!context.Options.AllowsDownload)
        {
            context.Console.WriteError(
                $"{what} is not here, and --no-download forbids fetching it.");
            return false;
        }
        return true;
    }

    private static AptSource Archive() => AptSources.ReadAll().FirstOrDefault(
        s => IsDistribution(s) && s.Components.Intersect(["main", "universe"]).Any()
            && !s.Uri.EndsWith("-security", StringComparison.Ordinal))
        is { } found ? found with { Components = MainComponents(found) } : new(
            "http://deb.debian.org/debian", ["stable"], ["main"],
            "/usr/share/keyrings/debian-archive-keyring.gpg");

    private static string[] MainComponents(AptSource source) =>
        source.Uri.EndsWith("/ubuntu", StringComparison.Ordinal) ? ["main", "universe"] : ["main"];

    private static bool IsDistribution(AptSource source) =>
        source.Uri.Split('/')[^1] is "debian" or "debian-security" or "ubuntu";
}

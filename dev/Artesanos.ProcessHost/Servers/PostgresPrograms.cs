using System.Globalization;
using System.Text.RegularExpressions;
using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Servers;

/// <summary>A PostgreSQL installation.</summary>
/// <param name="Folder">Where postgres and initdb are.</param>
/// <param name="Version">As in 15.18.</param>
/// <param name="Libraries">Where unpacked libraries are; null for an installed server.</param>
internal sealed partial record PostgresPrograms(string Folder, string Version, string? Libraries)
{
    private int Major => int.Parse(Version.Split('.')[0], CultureInfo.InvariantCulture);

    public static async Task<PostgresPrograms> FindAsync(
        string resourceName, int? major, RunContext context, CancellationToken ct)
    {
        var found = new List<PostgresPrograms>();
        foreach (var folder in Candidates(context.Options.PathOf("postgres")))
        {
            if (await InspectAsync(folder, ct) is { } programs)
            {
                found.Add(programs);
                if (major is null || programs.Major == major)
                {
                    return programs;
                }
            }
        }
        if (found.Count > 0)
        {
            throw new DistributedApplicationException(
                $"The data of resource '{resourceName}' was made by PostgreSQL {major}, but only "
                + $"{string.Join(", ", found.Select(p => $"{p.Version} in {p.Folder}"))} is here. "
                + $"Install PostgreSQL {major}, start with --Data=ephemeral, or delete the data in "
                + $"{Path.Combine(Folders.Data, context.Options.AppHostName)}.");
        }
        var fetched = await new PackageFetcher(context).FetchPostgresAsync(ct);
        return await InspectAsync(fetched ?? "", ct) ?? throw new DistributedApplicationException(
            $"""
            Resource '{resourceName}' needs PostgreSQL, and none was found: not in the folder of
            the configuration key Servers:postgres, not on PATH, not in
            /usr/lib/postgresql/*/bin, and not fetched into {Folders.Cache}.
            Install it (Debian, Ubuntu: apt install postgresql; macOS: brew install postgresql;
            Windows: winget install PostgreSQL.PostgreSQL.17), or set Servers__postgres to the
            folder of an unpacked one.
            """);
    }

    public string PathOf(string program) =>
        Path.Combine(Folder, OperatingSystem.IsWindows() ? program + ".exe" : program);

    public ProcessSpec Command(string program, params string[] arguments) =>
        new(PathOf(program), arguments)
        {
            RunAs = ServerUser.Current,
            WorkingDirectory = Folder,
            Environment = Libraries is null ? new Dictionary<string, string>()
                : new() { ["LD_LIBRARY_PATH"] = Libraries },
        };

    /// <summary>Runs any program as the server's user.</summary>
    public Task RunAsync(string program, string[] arguments, CancellationToken ct) =>
        Programs.RunAsync(
            Command("postgres") with { FileName = program, Arguments = arguments }, ct);

    public static string CreateOwnFolder(string path)
    {
        Folders.Create(path, Folders.Private);
        ServerUser.Current?.Own(path);
        return path;
    }

    private static async Task<PostgresPrograms?> InspectAsync(string folder, CancellationToken ct)
    {
        var libraries = PackageFetcher.LibrariesFor(folder);
        var programs = new PostgresPrograms(folder, "0", libraries);
        if (!File.Exists(programs.PathOf("postgres")) || !File.Exists(programs.PathOf("initdb")))
        {
            return null;
        }
        var (code, output) = await Programs.TryRunAsync(
            programs.Command("postgres", "--version"), ct);
        var version = VersionNumber().Match(output);
        return code == 0 && version.Success ? programs with { Version = version.Value } : null;
    }

    private static IEnumerable<string> Candidates(string? configured)
    {
        if (configured is not null)
        {
            return [configured, Path.Combine(configured, "bin")];
        }
        // A program on PATH may be a link into the installation.
        IEnumerable<string> names = ["postgres", "initdb"];
        var onPath = names.Select(Programs.OnPath).OfType<string>()
            .Select(p => File.ResolveLinkTarget(p, returnFinalTarget: true)?.FullName ?? p)
            .Select(p => Path.GetDirectoryName(p)!);
        string[] distributions = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt",
            @"C:\Program Files\PostgreSQL"];
        var installed = distributions.Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .Where(d => Path.GetFileName(d) is var n
                && (char.IsDigit(n[0]) || n.StartsWith("postgresql", StringComparison.Ordinal)))
            .OrderByDescending(d => d, StringComparer.Create(
                CultureInfo.InvariantCulture, CompareOptions.NumericOrdering))
            .Select(d => Path.Combine(d, "bin"));
        return onPath.Concat(installed).Concat(PackageFetcher.CachedPostgres()).Distinct();
    }

    [GeneratedRegex(@"\d+(\.\d+)+")]
    private static partial Regex VersionNumber();
}

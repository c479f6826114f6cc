using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Servers;

/// <summary>The system's package client on folders of its own: it asks the same mirrors and checks
/// the same signatures, but nothing of the system changes and no root is needed.</summary>
internal sealed class PrivateApt : IDisposable
{
    private readonly string _folder;
    private readonly string _config;

    private PrivateApt(string folder)
    {
        _folder = folder;
        _config = Path.Combine(folder, "apt.conf");
    }

    public static bool IsHere { get; } =
        Programs.OnPath("apt-get") is not null && Programs.OnPath("dpkg-deb") is not null;

    /// <summary>Reads the package lists of the sources.</summary>
    public static async Task<PrivateApt> OpenAsync(
        string parent, IEnumerable<string> sourceLines, CancellationToken ct)
    {
        var name = $"apt-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";
        var apt = new PrivateApt(Folders.Create(Path.Combine(parent, name)));
        try
        {
            apt.WriteConfiguration(sourceLines);
            await apt.RunAsync("apt-get", ["update", "-q"], ct);
            return apt;
        }
        catch
        {
            apt.Dispose();
            throw;
        }
    }

    /// <summary>The packages that a package needs, the first of each alternative.</summary>
    public async Task<IReadOnlyList<string>> DependenciesAsync(string package, CancellationToken ct)
    {
        var output = await RunAsync("apt-cache", ["depends", "--important", package], ct);
        var needed = new List<string>();
        var isAlternative = false;
        foreach (var line in output.Split('\n')
            .Where(l => l.Contains("Depends:", StringComparison.Ordinal)))
        {
            if (!isAlternative)
            {
                needed.Add(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]
                    .Trim().Trim('<', '>').Split(':')[0]);
            }
            isAlternative = line.TrimStart().StartsWith('|');
        }
        return needed;
    }

    /// <summary>Downloads packages and unpacks them into a folder, which appears complete or not at
    /// all.</summary>
    public async Task UnpackAsync(IEnumerable<string> packages, string target, CancellationToken ct)
    {
        var downloads = Folders.Create(Path.Combine(_folder, "downloads"));
        await RunAsync("apt-get", ["download", "-q", .. packages], ct, downloads);
        var unpacked = Folders.Create(Path.Combine(_folder, "unpacked"));
        foreach (var package in Directory.GetFiles(downloads, "*.deb"))
        {
            await RunAsync("dpkg-deb", ["-x", package, unpacked], ct);
        }
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }
        Directory.Move(unpacked, target);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void WriteConfiguration(IEnumerable<string> sourceLines)
    {
        string Own(string name) => Folders.Create(Path.Combine(_folder, name));
        var status = Path.Combine(_folder, "status");
        var sources = Path.Combine(_folder, "sources.list");
        File.WriteAllText(status, "");
        File.WriteAllLines(sources, sourceLines);
        Own("state/lists/partial");
        Own("cache/archives/partial");
        // Read after the system's own configuration, whose proxies stay in force. Its hooks would
        // touch the system, so they are cleared.
        File.WriteAllText(_config,
            $"""
            #clear APT::Update::Pre-Invoke;
            #clear APT::Update::Post-Invoke;
            #clear APT::Update::Post-Invoke-Success;
            Dir::State "{Own("state")}";
            Dir::State::status "{status}";
            Dir::Cache "{Own("cache")}";
            Dir::Etc::SourceList "{sources}";
            Dir::Etc::SourceParts "{Own("none")}";
            Dir::Etc::Preferences "{status}";
            Dir::Etc::PreferencesParts "{Own("none")}";
            APT::Sandbox::User "";
            Acquire::Languages "none";
            Acquire::PDiffs "false";
            Acquire::Retries "2";

            """);
    }

    private Task<string> RunAsync(
        string program, string[] arguments, CancellationToken ct, string? workingDirectory = null)
    {
        string[] config = program == "dpkg-deb" ? [] : ["-c", _config];
        return Programs.RunAsync(new(program, [.. config, .. arguments])
        {
            WorkingDirectory = workingDirectory ?? _folder,
            Environment = new Dictionary<string, string> { ["LC_ALL"] = "C" },
        }, ct);
    }
}

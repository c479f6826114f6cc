namespace Aspire.Hosting.Engine;

/// <summary>One run's own folder: ephemeral data and logs. It goes when the run ends; what a
/// killed run left goes at the next start.</summary>
internal sealed class RunFolder : IDisposable
{
    private const string _ownerFile = "owner.lock";

    private readonly FileStream _owner;

    private RunFolder(string path, FileStream owner)
    {
        FullPath = path;
        _owner = owner;
    }

    public string FullPath { get; }

    private static string Prefix => $"artesanos-{Environment.UserName}-";

    private static string Root =>
        ServerUser.CanReach(Path.GetTempPath()) ? Path.GetTempPath() : "/tmp";

    public static RunFolder Create()
    {
        var path = Path.Combine(
            Root, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}");
        Folders.Create(path);
        var owner = Folders.TryLock(Path.Combine(path, _ownerFile))
            ?? throw new DistributedApplicationException($"Folder {path} belongs to another run.");
        return new(path, owner);
    }

    /// <summary>Deletes the folders of runs whose process is gone. Another user's are not ours to
    /// delete and have other names; what cannot be deleted stays.</summary>
    public static void DeleteLeftovers()
    {
        foreach (var folder in Directory.EnumerateDirectories(Root, Prefix + "*"))
        {
            try
            {
                // A run that is just being made has no lock yet: leave it alone.
                var ownerFile = Path.Combine(folder, _ownerFile);
                if (File.Exists(ownerFile) && Folders.TryLock(ownerFile) is { } dead)
                {
                    using (dead)
                    {
                        Directory.Delete(folder, recursive: true);
                    }
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
            }
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(FullPath, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A file may still be held; the next start deletes the rest.
        }
        _owner.Dispose();
    }
}

namespace Aspire.Hosting.Engine;

/// <summary>Where things are kept: data that stays, and what can be made again.</summary>
internal static class Folders
{
    // Open to walk through, closed to look into: a server under another user must get to its data.
    private const UnixFileMode _passage = UnixFileMode.UserRead | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public const UnixFileMode Private =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Volumes: <c>$XDG_DATA_HOME</c> or <c>~/.local/share</c>; <c>/var/lib</c> for root
    /// behind a closed HOME.</summary>
    public static string Data => Choose("XDG_DATA_HOME", ".local/share", "/var/lib");

    /// <summary>What can be made again: <c>$XDG_CACHE_HOME</c> or <c>~/.cache</c>;
    /// <c>/var/cache</c> for root behind a closed HOME.</summary>
    public static string Cache => Choose("XDG_CACHE_HOME", ".cache", "/var/cache");

    public static string Create(string path, UnixFileMode mode = _passage)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return path;
        }
        if (!Directory.Exists(path))
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } parent)
            {
                Create(parent);
            }
            Directory.CreateDirectory(path, mode);
        }
        return path;
    }

    /// <summary>A lock that ends with its holder; null while another process holds it.</summary>
    public static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    public static async Task<FileStream> LockAsync(string path, CancellationToken ct)
    {
        while (true)
        {
            if (TryLock(path) is { } held)
            {
                return held;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
        }
    }

    /// <summary>Writes a file that only we can read, all of it or nothing.</summary>
    public static void WritePrivate(string path, string text)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using (var writer = new StreamWriter(temporary, options))
        {
            writer.Write(text);
        }
        File.Move(temporary, path, overwrite: true);
    }

    private static string Choose(string variable, string belowHome, string forRoot)
    {
        var configured = Environment.GetEnvironmentVariable(variable);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] choices =
        [
            .. string.IsNullOrEmpty(configured) ? [] : new[] { configured },
            .. home.Length == 0 ? [] : new[] { Path.Combine(home, belowHome) },
            .. ServerUser.Current is null ? [] : new[] { forRoot },
            Path.Combine(Path.GetTempPath(), $"artesanos-home-{Environment.UserName}"),
        ];
        foreach (var folder in choices.Select(c => Path.Combine(c, "artesanos")))
        {
            if (ServerUser.CanReach(folder) && CanWrite(folder))
            {
                return folder;
            }
        }
        throw new DistributedApplicationException(
            $"No folder to keep data in: none of {string.Join(", ", choices)} can be written. "
            + $"Set {variable} to one.");
    }

    private static bool CanWrite(string folder)
    {
        try
        {
            var file = Path.Combine(Create(folder), $".probe-{Guid.NewGuid():N}");
            using var probe = File.Create(file, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

using System.Globalization;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Engine;

/// <summary>The user that PostgreSQL runs as where we are root: it refuses to be root.</summary>
internal sealed partial record ServerUser(string Name, uint UserId, uint GroupId)
{
    private static readonly Lazy<ServerUser?> _current = new(Find);

    /// <summary>Null unless we are root.</summary>
    public static ServerUser? Current => _current.Value;

    /// <summary>Gives a file or folder to this user.</summary>
    public void Own(string path)
    {
        if (ChangeOwner(path, UserId, GroupId) != 0)
        {
            throw new DistributedApplicationException(
                $"Cannot give {path} to user {Name} (errno {Marshal.GetLastPInvokeError()}).");
        }
    }

    /// <summary>Whether this user may walk to the folder: every part of the path that exists is
    /// open to others.</summary>
    public static bool CanReach(string path)
    {
        if (Current is null)
        {
            return true;
        }
        for (var folder = new DirectoryInfo(path); folder is not null; folder = folder.Parent)
        {
            if (!OperatingSystem.IsWindows() && folder.Exists
                && !folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }
        return true;
    }

    private static ServerUser? Find()
    {
        if (OperatingSystem.IsWindows() || EffectiveUserId() != 0)
        {
            return null;
        }
        var users = File.ReadLines("/etc/passwd").Select(l => l.Split(':'))
            .Where(f => f.Length >= 4 && f[0] is "postgres" or "nobody").ToList();
        var fields = users.Find(f => f[0] == "postgres") ?? users.FirstOrDefault()
            ?? throw new DistributedApplicationException(
                "PostgreSQL refuses to run as root, and there is no user postgres or nobody.");
        return new(fields[0], uint.Parse(fields[2], CultureInfo.InvariantCulture),
            uint.Parse(fields[3], CultureInfo.InvariantCulture));
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUserId();

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint userId, uint groupId);
}

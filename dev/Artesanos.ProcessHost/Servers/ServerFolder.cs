using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Servers;

/// <summary>A server's folder: its data and its password, locked against a second run.</summary>
internal sealed class ServerFolder : IDisposable
{
    private readonly FileStream _lock;

    private ServerFolder(string path, bool isVolume, FileStream held)
    {
        FullPath = path;
        IsVolume = isVolume;
        _lock = held;
    }

    public string FullPath { get; }

    public bool IsVolume { get; }

    /// <summary>The password that the data was last known to have; null for new data.</summary>
    public string? KnownPassword { get; private set; }

    private string PasswordFile => Path.Combine(FullPath, "password");

    public static ServerFolder Take(
        IResource resource, ParameterResource? password, RunContext context)
    {
        var path = Folders.Create(context.DataFolder(resource));
        var isVolume = resource.Annotations.OfType<VolumeAnnotation>().Any();
        var held = Folders.TryLock(path + ".lock")
            ?? throw new DistributedApplicationException(
                $"The data of resource '{resource.Name}' in {path} is in use by another AppHost. "
                + "End that one, or start this one with --Data=ephemeral.");
        var folder = new ServerFolder(path, isVolume, held);
        if (File.Exists(folder.PasswordFile))
        {
            folder.KnownPassword = File.ReadAllText(folder.PasswordFile);
            if (password is { IsGenerated: true })
            {
                password.Override = folder.KnownPassword;
            }
        }
        return folder;
    }

    public void RememberPassword(string password)
    {
        KnownPassword = password;
        Folders.WritePrivate(PasswordFile, password);
    }

    public void Dispose() => _lock.Dispose();
}

using System.Security.Cryptography;
using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Servers;

/// <summary>A fresh cluster, made once for each version of PostgreSQL and then copied.</summary>
internal sealed record PostgresTemplate(string DataFolder, string Password)
{
    private const int _passwordLength = 32;

    public static async Task<PostgresTemplate> GetAsync(
        PostgresPrograms programs, EngineConsole console, CancellationToken ct)
    {
        var folder = Path.Combine(
            Folders.Create(Folders.Cache), $"postgres-template-{programs.Version}");
        using var held = await Folders.LockAsync(folder + ".lock", ct);
        if (!Directory.Exists(folder))
        {
            console.Write($"Creating a PostgreSQL {programs.Version} template in {folder}");
            await CreateAsync(programs, folder, ct);
        }
        return new(Path.Combine(folder, "data"),
            await File.ReadAllTextAsync(Path.Combine(folder, "password"), ct));
    }

    private static async Task CreateAsync(
        PostgresPrograms programs, string folder, CancellationToken ct)
    {
        var unfinished = folder + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }
        PostgresPrograms.CreateOwnFolder(unfinished);
        var passwordFile = Path.Combine(unfinished, "password");
        Folders.WritePrivate(passwordFile, RandomNumberGenerator.GetHexString(_passwordLength));
        ServerUser.Current?.Own(passwordFile);
        await programs.RunAsync(programs.PathOf("initdb"),
        [
            "-D", Path.Combine(unfinished, "data"), "-U", PostgresRunner.SuperUser,
            "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8",
            "--locale", OperatingSystem.IsLinux() ? "C.UTF-8" : "C", "--no-instructions",
        ], ct);
        Directory.Move(unfinished, folder);
    }
}

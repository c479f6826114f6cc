using System.Diagnostics;
using Artesanos.Tests.Chaos;
using Aspire.Hosting.Testing;
using Npgsql;
using Xunit;

namespace Artesanos.Tests.Deployment;

/// <summary>
/// The restore of docs/runbook.md, step by step: the disk of PostgreSQL is lost while shoppers
/// order, and comes back from a base backup and the log that was streamed away since.
/// </summary>
[Trait("Category", "Restore")]
public sealed class RestoreTests : IAsyncLifetime
{
    private readonly Topology _topology = new();
    private readonly string _backup = Directory.CreateTempSubdirectory("artesanos-backup-").FullName;
    private NpgsqlConnectionStringBuilder _server = null!;
    private string _data = "";
    private string _programs = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Base => Path.Combine(_backup, "base");

    private string Log => Path.Combine(_backup, "wal");

    public async ValueTask InitializeAsync()
    {
        await _topology.InitializeAsync();
        _server = new(await _topology.App.GetConnectionStringAsync("postgres", Ct));
        _data = (await _topology.QueryAsync<string>("orders", "SHOW data_directory", Ct))!;
        var postmaster = File.ReadLines(Path.Combine(_data, "postmaster.pid")).First();
        _programs = Path.GetDirectoryName(
            File.ResolveLinkTarget($"/proc/{postmaster}/exe", returnFinalTarget: true)!.FullName)!;
    }

    public async ValueTask DisposeAsync()
    {
        await _topology.DisposeAsync();
        Directory.Delete(_backup, recursive: true);
    }

    [Fact(Explicit = true)]
    public async Task After_a_restore_every_order_ends_and_the_books_agree()
    {
        await using var shopping = await Shopping.StartAsync(_topology, Ct);
        Directory.CreateDirectory(Log);
        using var receiver = Run("pg_receivewal", "--no-loop", "-D", Log);
        await SucceedAsync(Run("pg_basebackup", "-c", "fast", "-X", "none", "-D", Base));
        var before = await CountAsync();
        await Eventually.TrueAsync(
            async () => await CountAsync() > before + 20, TimeSpan.FromSeconds(30),
            "orders come in after the backup", Ct);

        await _topology.StopAsync("postgres", Ct);
        await receiver.WaitForExitAsync(Ct);
        await LoseAndRestoreAsync();
        await _topology.StartAsync("postgres", Ct);

        await shopping.EndWellAsync(Ct);
        Assert.True(await CountAsync() > before + 20);
    }

    private async Task LoseAndRestoreAsync()
    {
        foreach (var segment in Directory.EnumerateFiles(Log, "*.partial").ToList())
        {
            File.Move(segment, Path.ChangeExtension(segment, null));
        }
        await File.AppendAllTextAsync(
            Path.Combine(Base, "postgresql.auto.conf"),
            $"restore_command = 'cp {Log}/%f %p'\n", Ct);
        await File.WriteAllTextAsync(Path.Combine(Base, "recovery.signal"), "", Ct);
        // PostgreSQL runs as the user who owns its folder, and must be able to read the log.
        await SucceedAsync(Start("chown", ["-R", $"--reference={_data}", _backup]));
        await SucceedAsync(Start("find", [_data, "-mindepth", "1", "-delete"]));
        await SucceedAsync(Start("cp", ["-a", $"{Base}/.", _data]));
    }

    private Task<long> CountAsync() =>
        _topology.QueryAsync<long>("orders", "SELECT count(*) FROM orders", Ct);

    private Process Run(string program, params string[] arguments) => Start(
        Path.Combine(_programs, program),
        [.. arguments, "-h", _server.Host!, "-p", $"{_server.Port}", "-U", _server.Username!]);

    private Process Start(string program, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            Environment = { ["PGPASSWORD"] = _server.Password },
        })!;

    private static async Task SucceedAsync(Process process)
    {
        using (process)
        {
            var said = await process.StandardError.ReadToEndAsync(Ct);
            await process.WaitForExitAsync(Ct);
            Assert.True(process.ExitCode == 0, $"{process.StartInfo.FileName}: {said}");
        }
    }
}

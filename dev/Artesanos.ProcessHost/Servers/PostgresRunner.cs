using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;
using Npgsql;

namespace Aspire.Hosting.Servers;

/// <summary>A PostgreSQL server as a native process.</summary>
internal sealed class PostgresRunner(PostgresServerResource resource, RunContext context)
    : ResourceRunner(resource)
{
    public const string SuperUser = "postgres";

    private PostgresPrograms? _programs;
    private ServerFolder? _folder;
    private Task _synced = Task.CompletedTask;

    // SIGINT: roll back and end at once. SIGQUIT: end without a checkpoint, recover at the next
    // start.
    public override IReadOnlyList<StopStep> StopSteps { get; } =
    [
        new(ChildProcess.SigInt, TimeSpan.FromSeconds(15)),
        new(ChildProcess.SigQuit, TimeSpan.FromSeconds(5)),
    ];

    // Data that is about to be deleted needs no checkpoint.
    public override IReadOnlyList<StopStep> LastStopSteps =>
        _folder is { IsVolume: false } ? [StopSteps[1]] : StopSteps;

    private string DataFolder => Path.Combine(_folder!.FullPath, "data");

    public override async Task PrepareAsync(CancellationToken ct)
    {
        _folder = ServerFolder.Take(resource, resource.PasswordParameter, context);
        var version = Path.Combine(DataFolder, "PG_VERSION");
        int? major = File.Exists(version)
            ? int.Parse(await File.ReadAllTextAsync(version, ct), CultureInfo.InvariantCulture)
            : null;
        _programs = await PostgresPrograms.FindAsync(resource.Name, major, context, ct);
        context.Console.Write($"{resource.Name}: PostgreSQL {_programs.Version} on "
            + $"{resource.PrimaryEndpoint.Url}, data and password in {_folder.FullPath}");
    }

    public override async Task<ProcessSpec> DescribeAsync(Instance instance, CancellationToken ct)
    {
        if (!Directory.Exists(DataFolder))
        {
            await CreateDataAsync(ct);
        }
        await RemoveStaleProcessFileAsync(ct);
        return _programs!.Command("postgres",
            "-D", DataFolder,
            "-p", resource.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture),
            // Loopback only, and no socket file: its path would be too long in some folders.
            "-c", "listen_addresses=localhost",
            "-c", "unix_socket_directories=",
            // Four services with their replicas' pools, and tests beside them.
            "-c", "max_connections=300",
            "-c", "shared_buffers=256MB",
            // Short statements gain nothing from it, and unpacked packages come without LLVM.
            "-c", "jit=off");
    }

    public override async Task<string?> ProbeAsync(Instance instance, CancellationToken ct)
    {
        try
        {
            await SettlePasswordAsync(ct);
            await _synced;
            await using var connection = await ConnectAsync(
                await ((IResourceWithConnectionString)resource).GetConnectionStringAsync(ct), ct);
            return null;
        }
        catch (NpgsqlException failure)
        {
            return failure.Message;
        }
    }

    public static async Task<NpgsqlConnection> ConnectAsync(
        string? connectionString, CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Timeout = 5,
            CommandTimeout = 30,
        };
        if (string.IsNullOrEmpty(settings.Database))
        {
            settings.Database = SuperUser;
        }
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(ct);
        return connection;
    }

    protected override void Dispose(bool disposing)
    {
        _folder?.Dispose();
        base.Dispose(disposing);
    }

    private async Task CreateDataAsync(CancellationToken ct)
    {
        var template = await PostgresTemplate.GetAsync(_programs!, context.Console, ct);
        var unfinished = DataFolder + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }
        // The copy is made by the user who will own it.
        PostgresPrograms.CreateOwnFolder(unfinished);
        await _programs!.RunAsync("cp", ["-R", template.DataFolder + "/.", unfinished], ct);
        _folder!.RememberPassword(template.Password);
        Directory.Move(unfinished, DataFolder);
        if (_folder.IsVolume)
        {
            // A copy is not on the disk yet. The server starts meanwhile, and counts as healthy
            // once the files would survive a power cut.
            _synced = _programs.RunAsync(
                _programs.PathOf("initdb"), ["--sync-only", "-D", DataFolder], ct);
        }
    }

    // The data knows a password that may not be the one we want: the template's at first, or an
    // earlier one after the parameter was changed. The wanted one is tried first, except on data
    // that was just made, where a refusal would be logged at every first start.
    private async Task SettlePasswordAsync(CancellationToken ct)
    {
        var user = resource.UserNameParameter is { } u ? await u.GetValueAsync(ct) : SuperUser;
        var wanted = await resource.PasswordParameter.GetValueAsync(ct);
        if (_folder!.KnownPassword is not { } known || known == wanted)
        {
            return;
        }
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = "localhost",
            Port = resource.PrimaryEndpoint.Port,
            Username = SuperUser,
            Password = known,
        };
        await using (var connection = await ConnectAsync(settings.ConnectionString, ct))
        {
            // Parameters cannot stand in ALTER ROLE; both are quoted.
            var sql = $"ALTER ROLE postgres PASSWORD {Literal(wanted)};";
            if (user != SuperUser)
            {
                var name = "\"" + user!.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
                sql = $"CREATE ROLE {name} SUPERUSER LOGIN PASSWORD {Literal(wanted)};" + sql;
            }
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(ct);
        }
        _folder.RememberPassword(wanted!);
    }

    // A killed server leaves its process file behind. We hold the folder's lock, so a process
    // that still runs on this data is one of ours that is just ending.
    private async Task RemoveStaleProcessFileAsync(CancellationToken ct)
    {
        var file = Path.Combine(DataFolder, "postmaster.pid");
        while (File.Exists(file) && OperatingSystem.IsLinux())
        {
            var id = (await File.ReadAllLinesAsync(file, ct)).FirstOrDefault() ?? "";
            var commandLine = $"/proc/{id.Trim()}/cmdline";
            if (!File.Exists(commandLine)
                || !(await File.ReadAllTextAsync(commandLine, ct))
                    .Contains(DataFolder, StringComparison.Ordinal))
            {
                File.Delete(file);
                return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
        }
    }

    private static string Literal(string? text) =>
        "'" + (text ?? "").Replace("'", "''", StringComparison.Ordinal) + "'";
}

/// <summary>A database: created when its server is healthy.</summary>
internal sealed class DatabaseRunner(PostgresDatabaseResource resource) : ResourceRunner(resource)
{
    public override bool HasProcess => false;

    public override async Task<string?> ProbeAsync(Instance instance, CancellationToken ct)
    {
        IResourceWithConnectionString parent = resource.Parent;
        try
        {
            await using var server = await PostgresRunner.ConnectAsync(
                await parent.GetConnectionStringAsync(ct), ct);
            await using var exists = new NpgsqlCommand(
                "SELECT 1 FROM pg_database WHERE datname = $1", server)
            { Parameters = { new() { Value = resource.DatabaseName } } };
            if (await exists.ExecuteScalarAsync(ct) is null)
            {
                var name = resource.DatabaseName.Replace("\"", "\"\"", StringComparison.Ordinal);
                await using var create = new NpgsqlCommand($"CREATE DATABASE \"{name}\"", server);
                await create.ExecuteNonQueryAsync(ct);
            }
            return null;
        }
        catch (NpgsqlException failure)
        {
            return failure.Message;
        }
    }
}

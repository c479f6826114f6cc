using System.Diagnostics;
using Artesanos.ServiceDefaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Artesanos.Messaging.Data;

/// <summary>
/// Brings the schema up to date, or waits until somebody did, before the service listens.
/// </summary>
internal sealed partial class Migration<TContext>(
    string name, IServiceProvider services, NpgsqlDataSource database,
    IOptions<DatabaseOptions> options, ILogger<Migration<TContext>> logger)
    : IHostedService
    where TContext : DbContext
{
    /// <summary>Any constant that nothing else in this database locks.</summary>
    private const long LockKey = 0x4172_7465;

    /// <summary>
    /// A change of a table waits for what reads it, and everything else waits behind the change.
    /// So it gives up after this long, and tries again when the others had their turn.
    /// </summary>
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public Task StartAsync(CancellationToken ct) =>
        options.Value.Migrate ? MigrateAsync(TimeSpan.MaxValue, ct) : WaitAsync(ct);

    public Task StopAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>
    /// Applies what is missing, and grants. Replicas start together, so a lock of the database
    /// lets one of them do it while the others wait.
    /// </summary>
    /// <param name="patience">How long a server that does not answer is waited for.</param>
    public async Task MigrateAsync(TimeSpan patience, CancellationToken ct)
    {
        // A wrong name is told before anything is waited for.
        var role = options.Value.ServiceRole;
        await using var connection = await ConnectAsync(patience, ct);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", ct);
        try
        {
            await using var scope = services.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<TContext>();
            // Otherwise the first look for migrations is an error in the server's log.
            var history = context.GetService<IHistoryRepository>();
            await ExecuteAsync(connection, history.GetCreateIfNotExistsScript(), ct);
            await ApplyAsync(context, ct);
            if (role is not null)
            {
                await GrantAsync(connection, role, ct);
            }
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", ct);
        }
    }

    private async Task ApplyAsync(TContext context, CancellationToken ct)
    {
        // The session goes back to the pool, where nothing resets it.
        await context.Database.OpenConnectionAsync(ct);
        await context.Database.ExecuteSqlAsync(
            $"SELECT set_config('lock_timeout', {LockTimeout.TotalMilliseconds.ToString("0")}, false)",
            ct);
        try
        {
            while (!await TryApplyAsync(context, ct))
            {
                await Task.Delay(Pause, ct);
            }
        }
        finally
        {
            await context.Database.ExecuteSqlAsync($"RESET lock_timeout", ct);
            await context.Database.CloseConnectionAsync();
        }
    }

    /// <returns>False when a table was in use for too long; the migration was rolled back.</returns>
    private async Task<bool> TryApplyAsync(TContext context, CancellationToken ct)
    {
        try
        {
            await context.Database.MigrateAsync(ct);
            return true;
        }
        // EF Core wraps what is worth another try.
        catch (InvalidOperationException failure) when (
            failure.InnerException is PostgresException
            {
                SqlState: PostgresErrorCodes.LockNotAvailable,
            } busy)
        {
            LogBusy(logger, busy.MessageText);
            return false;
        }
    }

    private async Task WaitAsync(CancellationToken ct)
    {
        await using var connection = await ConnectAsync(TimeSpan.MaxValue, ct);
        await using var scope = services.CreateAsyncScope();
        var needed = scope.ServiceProvider.GetRequiredService<TContext>()
            .Database.GetMigrations().ToList();
        var told = "";
        while (needed.Except(await AppliedAsync(connection, ct)).FirstOrDefault() is { } next)
        {
            if (told != next)
            {
                LogBehind(logger, told = next);
            }
            await Task.Delay(Pause, ct);
        }
    }

    /// <summary>Empty also while it may not be read: granting is the last of provisioning.</summary>
    private static async Task<List<string>> AppliedAsync(
        NpgsqlConnection connection, CancellationToken ct)
    {
        List<string> applied = [];
        await using var may = new NpgsqlCommand(
            """
            SELECT coalesce(
                has_table_privilege(to_regclass('"__EFMigrationsHistory"'), 'SELECT'), false)
            """, connection);
        if (await may.ExecuteScalarAsync(ct) is true)
        {
            await using var command = new NpgsqlCommand(
                "SELECT migration_id FROM \"__EFMigrationsHistory\"", connection);
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                applied.Add(rows.GetString(0));
            }
        }
        return applied;
    }

    /// <summary>Rows, and not tables: a service that is broken into cannot drop anything.</summary>
    private static async Task GrantAsync(
        NpgsqlConnection connection, string role, CancellationToken ct) =>
        await ExecuteAsync(connection,
            $"""
            GRANT USAGE ON SCHEMA public TO {role};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};
            REVOKE INSERT, UPDATE, DELETE ON "__EFMigrationsHistory" FROM {role};
            """, ct);

    /// <summary>A server that is still starting is waited for, one that refuses us is not.</summary>
    private async Task<NpgsqlConnection> ConnectAsync(TimeSpan patience, CancellationToken ct)
    {
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await database.OpenConnectionAsync(ct);
            }
            catch (NpgsqlException failure) when (
                failure.IsTransient && waiting.Elapsed < patience)
            {
                LogWaiting(logger, failure.Message);
                await Task.Delay(Pause, ct);
            }
            catch (PostgresException refusal) when (refusal.SqlState
                is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidCatalogName
                or PostgresErrorCodes.InvalidAuthorizationSpecification)
            {
                throw new WrongSettingException(
                    $"PostgreSQL refuses ConnectionStrings__{name} ({refusal.MessageText}): give "
                    + "it a Database, Username and Password that this server knows.");
            }
        }
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "Waiting for PostgreSQL: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning,
        "A table is in use, the migration tries again: {Reason}")]
    private static partial void LogBusy(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning,
        "Waiting for migration {Migration}: run this service's dll with provision, or set "
        + "Database__Migrate to true.")]
    private static partial void LogBehind(ILogger logger, string migration);
}

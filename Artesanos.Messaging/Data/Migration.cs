using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Artesanos.Messaging.Data;

/// <summary>
/// Brings the schema up to date before the service listens. Replicas start together, so a lock
/// of the database lets one of them migrate while the others wait.
/// </summary>
internal sealed partial class Migration<TContext>(
    IServiceProvider services, NpgsqlDataSource database, ILogger<Migration<TContext>> logger)
    : IHostedService
    where TContext : DbContext
{
    /// <summary>Any constant that nothing else in this database locks.</summary>
    private const long LockKey = 0x4172_7465;

    public async Task StartAsync(CancellationToken ct)
    {
        await using var connection = await ConnectAsync(ct);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", ct);
        try
        {
            await using var scope = services.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<TContext>();
            // Otherwise the first look for migrations is an error in the server's log.
            var history = context.GetService<IHistoryRepository>();
            await ExecuteAsync(connection, history.GetCreateIfNotExistsScript(), ct);
            await context.Database.MigrateAsync(ct);
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", ct);
        }
    }

    public Task StopAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>A server that is still starting is waited for, one that refuses us is not.</summary>
    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await database.OpenConnectionAsync(ct);
            }
            catch (NpgsqlException failure) when (failure.IsTransient)
            {
                LogWaiting(logger, failure.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(500), ct);
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
}

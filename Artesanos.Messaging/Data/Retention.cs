using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Artesanos.Messaging.Data;

/// <summary>How long rows of a table are kept once nobody needs them.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Key">The columns of its primary key, separated by commas.</param>
/// <param name="IsOld">SQL for a row that may go, found by an index. <c>$1</c> is the moment
/// before which rows are old; <c>$2</c> a UUIDv7 of that moment, so that a primary key of such ids
/// is the index.</param>
/// <param name="KeepFor">At least so long a row stays.</param>
public sealed record Retention(string Table, string Key, string IsOld, TimeSpan KeepFor);

/// <summary>
/// Deletes old rows in batches, so that no transaction is long. Each replica runs it: a row is
/// deleted by one of them and skipped by the others, and one that is in use just now stays.
/// </summary>
internal sealed partial class DeleteOldRows(
    NpgsqlDataSource database, IEnumerable<Retention> rules, IOptions<MessagingOptions> options,
    TimeProvider time, ILogger<DeleteOldRows> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.DeleteInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var rule in rules)
            {
                try
                {
                    while (await DeleteAsync(rule, stoppingToken) == options.Value.MaxDelete)
                    {
                    }
                }
                catch (NpgsqlException failure)
                {
                    // The rows are still there at the next tick.
                    LogFailed(rule.Table, failure.Message);
                }
            }
        }
    }

    /// <returns>How many rows were deleted, at most one batch.</returns>
    internal async Task<int> DeleteAsync(Retention rule, CancellationToken ct)
    {
        var oldest = time.GetUtcNow() - rule.KeepFor;
        await using var command = database.CreateCommand(
            $"""
            DELETE FROM {rule.Table} WHERE ({rule.Key}) IN (
                SELECT {rule.Key} FROM {rule.Table} WHERE {rule.IsOld}
                LIMIT $3 FOR UPDATE SKIP LOCKED)
            """);
        command.Parameters.Add(new() { Value = oldest });
        command.Parameters.Add(new() { Value = Guid.CreateVersion7(oldest) });
        command.Parameters.Add(new() { Value = options.Value.MaxDelete });
        return await command.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "Old rows of {Table} not deleted: {Reason}")]
    private partial void LogFailed(string table, string reason);
}

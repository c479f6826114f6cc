using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Artesanos.Messaging.Outbox;

/// <summary>
/// Picks up outbox rows whose writer died between commit and publish. A row is claimed by its
/// lease, never by "id above the last seen", which would skip transactions that commit late.
/// </summary>
internal sealed partial class OutboxSweeper(
    NpgsqlDataSource database, OutboxPublisher publisher, IOptions<MessagingOptions> options,
    TimeProvider time, ILogger<OutboxSweeper> logger)
    : BackgroundService
{
    private const int MaxClaim = 1000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // While NATS is away, or publishing is behind, a claim would only move rows from the
            // disk to a full queue.
            if (!publisher.IsDraining || publisher.IsBehind)
            {
                continue;
            }
            try
            {
                var claimed = await ClaimAsync(stoppingToken);
                var forgotten = claimed.Where(message => !publisher.Holds(message.Id)).ToList();
                if (forgotten.Count > 0)
                {
                    CrashPoints.Reach(CrashPoint.AfterClaim);
                    LogSwept(logger, forgotten.Count);
                    publisher.HandOver(forgotten);
                }
            }
            catch (NpgsqlException failure)
            {
                LogFailed(logger, failure.Message);
            }
        }
    }

    private async Task<List<OutboxMessage>> ClaimAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE outbox SET leased_until = now() + $1
            WHERE id IN (SELECT id FROM outbox
                         WHERE published_at IS NULL AND leased_until < now()
                         ORDER BY leased_until LIMIT $2
                         FOR UPDATE SKIP LOCKED)
            RETURNING id, key, subject, payload, trace_parent, created_at
            """);
        command.Parameters.Add(new() { Value = 2 * options.Value.PublishLease });
        command.Parameters.Add(new() { Value = MaxClaim });
        var messages = new List<OutboxMessage>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            messages.Add(new OutboxMessage(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2),
                reader.GetFieldValue<byte[]>(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5)));
        }
        // Ids are time-ordered, so one key's messages keep their sequence.
        return [.. messages.OrderBy(message => message.Id)];
    }

    [LoggerMessage(LogLevel.Information, "Publishing {Count} messages that were left behind.")]
    private static partial void LogSwept(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "Outbox not swept: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}

using Artesanos.Messaging.Outbox;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Artesanos.Inventory.Reservations;

/// <summary>
/// Gives back holds whose time is up and tells Orders. Each replica runs it: a due row is locked
/// by one of them and skipped by the others.
/// </summary>
internal sealed partial class ExpireReservations(
    NpgsqlDataSource database, Outbox outbox, IOptions<ReservationOptions> options,
    TimeProvider time, ILogger<ExpireReservations> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ExpiryInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                // While NATS is away no commit can arrive, and no other order can take the stock.
                var more = outbox.DeadlinesApply;
                while (more)
                {
                    more = await ExpireAsync(stoppingToken) == options.Value.ExpiryBatch;
                }
            }
            catch (NpgsqlException failure)
            {
                // Rolled back; what is due is still due at the next tick.
                LogFailed(failure.Message);
            }
        }
    }

    /// <returns>How many were due.</returns>
    private async Task<int> ExpireAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var now = time.GetUtcNow();
        var (set, due) = await ReservationSql.LockDueAsync(
            transaction, now, options.Value.ExpiryBatch, ct);
        if (due.Count == 0)
        {
            return 0;
        }
        var messages = new List<OutboxMessage>(due.Count);
        foreach (var reservation in due)
        {
            var decision = ReservationRules.Expire(reservation, now);
            messages.AddRange(
                set.Apply(decision).Select(alert => OutboxMessage.From(alert, now)));
            if (decision.Answer is { } answer)
            {
                messages.Add(OutboxMessage.From(answer, now));
            }
        }
        await using var writes = new NpgsqlBatch(connection, transaction);
        set.AddWrites(writes, now);
        await outbox.CommitAsync(writes, messages, ct);
        set.Report();
        LogExpired(due.Count);
        return due.Count;
    }

    [LoggerMessage(LogLevel.Information, "{Count} holds expired.")]
    private partial void LogExpired(int count);

    [LoggerMessage(LogLevel.Warning, "Holds were not expired, trying again: {Reason}")]
    private partial void LogFailed(string reason);
}

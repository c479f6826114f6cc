using Artesanos.Messaging.Outbox;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Artesanos.Orders.Saga;

/// <summary>
/// Wakes sagas whose answer has not come. Each replica runs it: a due row is locked by one of them
/// and skipped by the others.
/// </summary>
internal sealed partial class SagaDeadlines(
    NpgsqlDataSource database, Outbox outbox, IOptions<SagaOptions> options, TimeProvider time,
    ILogger<SagaDeadlines> logger)
    : BackgroundService
{
    private const int MaxBatch = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.DeadlineInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var more = outbox.DeadlinesApply;
                while (more)
                {
                    more = await FireAsync(stoppingToken) == MaxBatch;
                }
            }
            catch (NpgsqlException failure)
            {
                // The rows keep their deadlines: the next tick is the retry.
                LogFailed(logger, failure.Message);
            }
        }
    }

    /// <returns>How many deadlines had passed, at most <see cref="MaxBatch"/>.</returns>
    private async Task<int> FireAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var sagas = await SagaStore.LockDueAsync(transaction, now, MaxBatch, ct);
        if (sagas.Count == 0)
        {
            return 0;
        }
        var changes = new SagaChanges(sagas, now);
        var messages = new List<OutboxMessage>();
        foreach (var saga in sagas.Values.ToList())
        {
            var step = SagaTable.Decide(saga, new DeadlinePassed(), now, options.Value);
            var (status, _) = OrderStatus.Name(step.Saga.State);
            LogPassed(logger, saga.OrderId, status, step.Saga.Resends);
            if (step.Saga.StuckSince is not null && saga.StuckSince is null)
            {
                LogStuck(logger, saga.OrderId, status, step.Saga.Resends);
            }
            changes.Apply(saga, step, nameof(DeadlinePassed), messageId: null);
            messages.AddRange(step.Sends.Select(
                send => OutboxMessage.From(send, now, saga.TraceParent)));
        }
        await using var writes = new NpgsqlBatch(connection, transaction);
        changes.AddTo(writes);
        await outbox.CommitAsync(writes, messages, ct);
        changes.Report();
        return sagas.Count;
    }

    [LoggerMessage(LogLevel.Information,
        "Deadline of order {OrderId} passed, now {Status}, command sent again {Resends} times.")]
    private static partial void LogPassed(
        ILogger logger, Guid orderId, string status, int resends);

    [LoggerMessage(LogLevel.Error,
        "Order {OrderId} is stuck in {Status}: no answer to {Resends} repetitions.")]
    private static partial void LogStuck(
        ILogger logger, Guid orderId, string status, int resends);

    [LoggerMessage(LogLevel.Warning, "Deadlines not looked at: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}

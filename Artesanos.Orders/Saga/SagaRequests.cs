using Artesanos.Messaging.Outbox;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Artesanos.Orders.Saga;

/// <summary>
/// Puts what a person asks for (<see cref="CancelAsked"/>, <see cref="RetryAsked"/>) to a saga:
/// the row under its lock, the decision, and state, history and messages in one transaction.
/// </summary>
internal sealed partial class SagaRequests(
    NpgsqlDataSource database, Outbox outbox, IOptions<SagaOptions> options, TimeProvider time,
    ILogger<SagaRequests> logger)
{
    /// <param name="askedBy">Subject of the token; stays with the order's history.</param>
    /// <param name="mayAsk">Whether the saga is the asker's business.</param>
    /// <returns>
    /// What was decided, or null when there is no such order for the asker. Only a step that
    /// changes something is stored: repeated requests must not grow the history without bound.
    /// </returns>
    public async Task<Step?> AskAsync(
        Guid orderId, object request, string askedBy, Func<OrderSaga, bool> mayAsk,
        CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var sagas = await SagaStore.LockAsync(transaction, [orderId], ct);
        if (!sagas.TryGetValue(orderId, out var saga) || !mayAsk(saga))
        {
            return null;
        }
        var now = time.GetUtcNow();
        var step = SagaTable.Decide(saga, request, now, options.Value);
        if (step.Kind is not (StepKind.Moved or StepKind.Resent))
        {
            return step;
        }
        var changes = new SagaChanges(sagas, now);
        changes.Apply(saga, step, request.GetType().Name, messageId: null, askedBy);
        await using var writes = new NpgsqlBatch(connection, transaction);
        changes.AddTo(writes);
        var messages = step.Sends
            .Select(send => OutboxMessage.From(send, now, saga.TraceParent)).ToList();
        await outbox.CommitAsync(writes, messages, ct);
        changes.Report();
        var (status, _) = OrderStatus.Name(step.Saga.State);
        LogAsked(orderId, request.GetType().Name, askedBy, status);
        return step;
    }

    [LoggerMessage(LogLevel.Information, "Order {OrderId}: {Request} by {AskedBy}, now {Status}.")]
    private partial void LogAsked(Guid orderId, string request, string askedBy, string status);
}

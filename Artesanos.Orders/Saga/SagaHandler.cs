using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Contracts;
using Microsoft.Extensions.Options;

namespace Artesanos.Orders.Saga;

/// <summary>Applies the events of Inventory and Payments to the sagas they belong to.</summary>
internal sealed class SagaHandler(IOptions<SagaOptions> options, TimeProvider time)
    : IMessageHandler
{
    public async Task HandleAsync(MessageBatch batch, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var orderIds = batch.Messages.Select(message => message.Key).Distinct().ToArray();
        var sagas = await SagaStore.LockAsync(batch.Transaction, orderIds, ct);
        var changes = new SagaChanges(sagas, now);
        foreach (var message in batch.Messages)
        {
            // It shares the subjects of Inventory's events, but is for artisans, about no order.
            if (message.Body is LowStockAlert)
            {
                continue;
            }
            if (!sagas.TryGetValue(message.Key, out var saga))
            {
                batch.Refuse(message, "There is no order with this id.");
                continue;
            }
            var step = SagaTable.Decide(saga, message.Body, now, options.Value);
            if (step.Kind == StepKind.Impossible)
            {
                batch.Refuse(message, $"{message.Body.GetType().Name} in {saga.State}.");
                continue;
            }
            changes.Apply(saga, step, message.Body.GetType().Name, message.Id);
            foreach (var send in step.Sends)
            {
                batch.Send(send, message);
            }
        }
        changes.AddTo(batch.Writes);
        batch.Committed = changes.Report;
    }
}

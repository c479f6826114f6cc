using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Contracts;

namespace Artesanos.Inventory.Reservations;

/// <summary>
/// The last net: Orders releases before it ends an order, so nothing should be left. What is
/// left would otherwise be off sale until it expires.
/// </summary>
internal sealed partial class OrderEndedHandler(
    TimeProvider time, ILogger<OrderEndedHandler> logger)
    : IMessageHandler
{
    public async Task HandleAsync(MessageBatch batch, CancellationToken ct)
    {
        var orders = batch.Messages.Select(message => message.Key).Distinct().ToArray();
        var set = await ReservationSql.LockAsync(batch.Transaction, orders, [], ct);
        foreach (var message in batch.Messages)
        {
            var reason = message.Body is OrderCancelled ? "order_cancelled" : "order_failed";
            var decision = ReservationRules.OrderEnded(set.Find(message.Key), reason);
            if (decision.Next is not null)
            {
                LogStillHeld(message.Key, message.Subject);
            }
            foreach (var alert in set.Apply(decision))
            {
                batch.Send(alert, message);
            }
        }
        set.AddWrites(batch.Writes, time.GetUtcNow());
        batch.Committed = set.Report;
    }

    [LoggerMessage(LogLevel.Warning, "Order {OrderId} ended ({Subject}) with stock still held.")]
    private partial void LogStillHeld(Guid orderId, string subject);
}

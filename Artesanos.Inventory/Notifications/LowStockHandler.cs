using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Contracts;

namespace Artesanos.Inventory.Notifications;

/// <summary>
/// Turns an alert into an obligation per channel. Sending is slow and can fail, so it happens
/// outside this transaction (<see cref="DeliverNotifications"/>).
/// </summary>
internal sealed class LowStockHandler(IEnumerable<INotificationChannel> channels)
    : IMessageHandler
{
    private readonly string[] _channels = [.. channels.Select(channel => channel.Name)];

    public Task HandleAsync(MessageBatch batch, CancellationToken ct)
    {
        var alerts = new List<(Guid Id, LowStockAlert Alert)>(batch.Messages.Count);
        foreach (var message in batch.Messages)
        {
            if (message.Body is LowStockAlert alert)
            {
                alerts.Add((message.Id, alert));
            }
            else
            {
                batch.Refuse(message, "Only alerts of low stock are notified.");
            }
        }
        if (alerts.Count > 0)
        {
            batch.Writes.BatchCommands.Add(NotificationSql.Insert(alerts, _channels));
        }
        return Task.CompletedTask;
    }
}

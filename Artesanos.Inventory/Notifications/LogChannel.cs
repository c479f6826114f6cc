namespace Artesanos.Inventory.Notifications;

/// <summary>
/// A structured log line per alert: what there is without a mail server, and what a log-based
/// alert can count.
/// </summary>
internal sealed partial class LogChannel(ILogger<LogChannel> logger) : INotificationChannel
{
    public string Name => "log";

    public Task SendAsync(Notification notification, CancellationToken ct)
    {
        var alert = notification.Alert;
        LogLowStock(notification.AlertId, alert.ProductId, alert.Name, alert.ArtisanSub,
            alert.Available, alert.Threshold);
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Warning,
        "Low stock (alert {AlertId}): product {ProductId} \"{ProductName}\" of {ArtisanSub} has "
        + "{Available} pieces left, its threshold is {Threshold}.")]
    private partial void LogLowStock(
        Guid alertId, Guid productId, string productName, string? artisanSub, int available,
        int threshold);
}

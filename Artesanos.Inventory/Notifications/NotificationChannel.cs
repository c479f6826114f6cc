using Artesanos.Messaging.Contracts;

namespace Artesanos.Inventory.Notifications;

/// <summary>An alert on its way to one channel.</summary>
/// <param name="AlertId">
/// The same at every try, so that a receiver can recognise a repetition.
/// </param>
/// <param name="Attempts">Tries begun, this one included.</param>
internal sealed record Notification(
    Guid AlertId, LowStockAlert Alert, DateTimeOffset RaisedAt, int Attempts);

/// <summary>A way to reach the artisan.</summary>
internal interface INotificationChannel
{
    /// <summary>Stored with each notification, so it never changes.</summary>
    string Name { get; }

    /// <summary>
    /// Returns once the channel has taken the notification. Any exception is tried again later,
    /// except <see cref="UndeliverableException"/>.
    /// </summary>
    Task SendAsync(Notification notification, CancellationToken ct);
}

/// <summary>No later try can succeed either.</summary>
internal sealed class UndeliverableException(string message) : Exception(message);

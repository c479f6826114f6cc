using Microsoft.Extensions.Options;
using Npgsql;

namespace Artesanos.Inventory.Notifications;

/// <summary>
/// Sends what is due. Each channel has its own loop, so that a mail server that hangs holds up no
/// log line; each replica runs it, and a row is leased by one of them.
/// </summary>
internal sealed partial class DeliverNotifications(
    IEnumerable<INotificationChannel> channels, NpgsqlDataSource database,
    IOptions<NotificationOptions> options, TimeProvider time,
    ILogger<DeliverNotifications> logger)
    : BackgroundService
{
    /// <summary>Of an error, in characters; servers may answer at length.</summary>
    private const int MaxErrorLength = 500;

    /// <summary>What a lease outlives the sending by, for marking its outcome.</summary>
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(30);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(channels.Select(channel => DeliverAsync(channel, stoppingToken)));

    private async Task DeliverAsync(INotificationChannel channel, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(options.Value.PollInterval, time);
        while (await timer.WaitForNextTickAsync(ct))
        {
            try
            {
                while (await DeliverNextAsync(channel, ct))
                {
                }
            }
            catch (NpgsqlException failure)
            {
                // Whatever was sent but not marked is sent again when its lease ends.
                LogInterrupted(channel.Name, failure.Message);
            }
        }
    }

    private async Task<bool> DeliverNextAsync(INotificationChannel channel, CancellationToken ct)
    {
        var lease = options.Value.SendTimeout + LeaseMargin;
        var notification = await NotificationSql.ClaimAsync(database, channel.Name, lease, ct);
        if (notification is null)
        {
            return false;
        }
        try
        {
            using var patience = new CancellationTokenSource(options.Value.SendTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(
                ct, patience.Token);
            await channel.SendAsync(notification, either.Token);
        }
        // Whatever a channel fails with, its outcome is stored, tried again and bounded.
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            await FailAsync(channel, notification, failure);
            return true;
        }
        // It is sent, so that is marked, even while the host stops.
        await NotificationSql.MarkSentAsync(
            database, notification.AlertId, channel.Name, CancellationToken.None);
        return true;
    }

    private async Task FailAsync(
        INotificationChannel channel, Notification notification, Exception failure)
    {
        var givenUp = failure is UndeliverableException
            || notification.Attempts >= options.Value.MaxAttempts;
        TimeSpan? retryIn = givenUp ? null : options.Value.RetryDelay(notification.Attempts);
        var error = failure is OperationCanceledException
            ? $"No answer within {options.Value.SendTimeout}." : failure.Message;
        await NotificationSql.MarkFailedAsync(database, notification.AlertId, channel.Name,
            error[..Math.Min(error.Length, MaxErrorLength)], retryIn, CancellationToken.None);
        if (retryIn is { } delay)
        {
            LogRetry(notification.AlertId, channel.Name, notification.Attempts, delay, error);
        }
        else
        {
            LogAbandoned(notification.AlertId, channel.Name, notification.Attempts, error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Alert {AlertId} not sent by {Channel} (try {Attempt}), "
        + "again in {Delay}: {Reason}")]
    private partial void LogRetry(
        Guid alertId, string channel, int attempt, TimeSpan delay, string reason);

    [LoggerMessage(LogLevel.Error, "Alert {AlertId} is given up on {Channel} after {Attempts} "
        + "tries (notifications.status = ABANDONED): {Reason}")]
    private partial void LogAbandoned(
        Guid alertId, string channel, int attempts, string reason);

    [LoggerMessage(LogLevel.Warning, "Delivery by {Channel} was interrupted: {Reason}")]
    private partial void LogInterrupted(string channel, string reason);
}

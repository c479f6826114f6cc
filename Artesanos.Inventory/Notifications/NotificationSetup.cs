using Artesanos.Inventory.Data;
using Artesanos.Messaging;
using Artesanos.Messaging.Data;
using Artesanos.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Artesanos.Inventory.Notifications;

internal static class NotificationSetup
{
    /// <summary>The log always tells; e-mail does once a mail server is configured.</summary>
    public static void AddNotifications(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<NotificationOptions>, NotificationOptionsCheck>();
        services.AddSettings<NotificationOptions>(NotificationOptions.Section);
        services.AddRetention<NotificationOptions>(options => new Retention(
            "notifications", "alert_id, channel",
            $"alert_id < $2 AND created_at < $1 AND status <> '{NotificationRow.Pending}'",
            options.KeepFor));
        services.AddSingleton<INotificationChannel, LogChannel>();
        if (!string.IsNullOrWhiteSpace(
            builder.Configuration[$"{NotificationOptions.Section}:Smtp:Host"]))
        {
            services.AddSingleton<INotificationChannel, EmailChannel>();
        }
        services.AddHostedService<DeliverNotifications>();
    }
}

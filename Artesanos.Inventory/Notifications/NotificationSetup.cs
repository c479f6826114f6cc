using Microsoft.Extensions.Options;

namespace Artesanos.Inventory.Notifications;

internal static class NotificationSetup
{
    /// <summary>The log always tells; e-mail does once a mail server is configured.</summary>
    public static void AddNotifications(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<NotificationOptions>, NotificationOptionsCheck>();
        services.AddOptions<NotificationOptions>()
            .BindConfiguration(NotificationOptions.Section)
            .ValidateOnStart();
        services.AddSingleton<INotificationChannel, LogChannel>();
        if (!string.IsNullOrWhiteSpace(
            builder.Configuration[$"{NotificationOptions.Section}:Smtp:Host"]))
        {
            services.AddSingleton<INotificationChannel, EmailChannel>();
        }
        services.AddHostedService<DeliverNotifications>();
    }
}

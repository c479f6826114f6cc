using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;

namespace Artesanos.Inventory.Notifications;

/// <summary>
/// E-mail over SMTP, a connection per mail: alerts are rare, and a connection kept open would be
/// closed by the server between two of them. Delivered at least once: an answer that got lost
/// sends the same message again, under the same Message-ID.
/// </summary>
internal sealed class EmailChannel(IOptions<NotificationOptions> options) : INotificationChannel
{
    public string Name => "email";

    public async Task SendAsync(Notification notification, CancellationToken ct)
    {
        var smtp = options.Value.Smtp;
        using var mail = LowStockMail.Compose(notification, smtp);
        using var client = new SmtpClient
        {
            Timeout = (int)options.Value.SendTimeout.TotalMilliseconds,
        };
        var security = smtp.Security switch
        {
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
            _ => SecureSocketOptions.None,
        };
        await client.ConnectAsync(smtp.Host, smtp.Port, security, ct);
        if (!string.IsNullOrEmpty(smtp.User))
        {
            await client.AuthenticateAsync(smtp.User, smtp.Password, ct);
        }
        await client.SendAsync(mail, ct);
        // The mail is taken. A goodbye that fails is ignored by the client: it sends nothing again.
        await client.DisconnectAsync(quit: true, ct);
    }
}

using System.Text.RegularExpressions;
using MimeKit;

namespace Artesanos.Inventory.Notifications;

/// <summary>The e-mail an artisan reads: Spanish first, English below it.</summary>
internal static partial class LowStockMail
{
    public const string ArtisanPlaceholder = "{artisan}";

    /// <exception cref="UndeliverableException">The artisan's subject makes no address.</exception>
    public static MimeMessage Compose(Notification notification, SmtpOptions smtp)
    {
        var from = MailboxAddress.Parse(smtp.From);
        var mail = new MimeMessage
        {
            // The same at every try: a mail server or reader can drop a repetition.
            MessageId = $"low-stock.{notification.AlertId:N}@{from.Domain}",
            Date = notification.RaisedAt,
            Subject = Subject(notification),
            Body = new TextPart("plain") { Text = Body(notification) },
        };
        mail.From.Add(from);
        mail.To.Add(Recipient(smtp.To, notification.Alert.ArtisanSub));
        // RFC 3834: no out-of-office answers to a machine.
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return mail;
    }

    private static MailboxAddress Recipient(string pattern, string? artisan)
    {
        if (!pattern.Contains(ArtisanPlaceholder, StringComparison.Ordinal))
        {
            return MailboxAddress.Parse(pattern);
        }
        // A subject comes from a token: nothing in it may add a recipient or another domain.
        if (artisan is null || !Addressable().IsMatch(artisan)
            || !MailboxAddress.TryParse(
                pattern.Replace(ArtisanPlaceholder, artisan, StringComparison.Ordinal),
                out var address))
        {
            throw new UndeliverableException(
                "The artisan's subject makes no e-mail address with Notifications__Smtp__To.");
        }
        return address;
    }

    private static string Subject(Notification notification)
    {
        var (name, left) = (notification.Alert.Name, notification.Alert.Available);
        return left switch
        {
            0 => $"Agotado: {name} / Sold out",
            1 => $"Queda 1 unidad: {name} / 1 piece left",
            _ => $"Quedan {left} unidades: {name} / {left} pieces left",
        };
    }

    private static string Body(Notification notification)
    {
        var alert = notification.Alert;
        var (spanish, english) = alert.Available switch
        {
            0 => ("se ha agotado", "is sold out"),
            1 => ("tiene 1 unidad disponible", "has 1 piece available"),
            var left => ($"tiene {left} unidades disponibles", $"has {left} pieces available"),
        };
        return $"""
            Hola:

            «{alert.Name}» {spanish}. Nos pediste que te avisáramos por debajo de
            {alert.Threshold}. Cuando tengas más, repón las existencias en el portal; hasta
            entonces no volveremos a escribirte.

            Producto: {alert.ProductId}

            ---

            Hello,

            "{alert.Name}" {english}. You asked to be told below
            {alert.Threshold}. When you have more, restock it in the portal; until then we will
            not write again.

            Product: {alert.ProductId}

            Portal Artesanos Jaén/Andalucía

            """;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+@-]{0,127}\z")]
    private static partial Regex Addressable();
}

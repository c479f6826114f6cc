using System.Net;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Artesanos.Inventory.Notifications;

/// <summary>Names the key in its environment form and the cure, and never a value.</summary>
internal sealed class NotificationOptionsCheck : IValidateOptions<NotificationOptions>
{
    private const double TenYears = 3650d * 24 * 3600;

    public ValidateOptionsResult Validate(string? name, NotificationOptions options)
    {
        var problems = Bounds(options)
            .Where(bound => !bound.Good)
            .Select(bound => $"Notifications__{bound.Key} must be {bound.Range}.")
            .Concat(Problems(options.Smtp))
            .ToList();
        return problems.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<(string Key, bool Good, string Range)> Bounds(
        NotificationOptions o)
    {
        yield return (nameof(o.KeepFor), IsBetween(o.KeepFor, 1, TenYears),
            "between 00:00:01 and 3650.00:00:00 (ten years)");
        yield return (nameof(o.PollInterval), IsBetween(o.PollInterval, 0.02, 60),
            "between 00:00:00.02 and 00:01:00");
        yield return (nameof(o.SendTimeout), IsBetween(o.SendTimeout, 1, 300),
            "between 00:00:01 and 00:05:00");
        yield return (nameof(o.FirstRetryDelay), IsBetween(o.FirstRetryDelay, 0.02, 3600),
            "between 00:00:00.02 and 01:00:00");
        yield return (nameof(o.MaxRetryDelay),
            o.MaxRetryDelay >= o.FirstRetryDelay && IsBetween(o.MaxRetryDelay, 0.02, 86_400),
            "between Notifications__FirstRetryDelay and 1.00:00:00");
        yield return (nameof(o.MaxAttempts), o.MaxAttempts is >= 1 and <= 1000,
            "between 1 and 1000");
    }

    private static IEnumerable<string> Problems(SmtpOptions smtp)
    {
        if (!smtp.IsConfigured)
        {
            if ((smtp.User + smtp.Password + smtp.From + smtp.To).Length > 0)
            {
                yield return "Notifications__Smtp__Host is missing while other keys of "
                    + "Notifications__Smtp are set: name your mail server, or remove them all.";
            }
            yield break;
        }
        if (Uri.CheckHostName(smtp.Host) == UriHostNameType.Unknown)
        {
            yield return "Notifications__Smtp__Host must be the name or address of your mail "
                + "server alone, such as smtp.example.";
        }
        if (smtp.Port is < 1 or > 65_535)
        {
            yield return "Notifications__Smtp__Port must be between 1 and 65535: usually 587 "
                + "with StartTls, 465 with Tls.";
        }
        if (!Enum.IsDefined(smtp.Security))
        {
            yield return "Notifications__Smtp__Security must be StartTls, Tls or None.";
        }
        if (string.IsNullOrEmpty(smtp.User) != string.IsNullOrEmpty(smtp.Password))
        {
            yield return "Notifications__Smtp__User and Notifications__Smtp__Password belong "
                + "together: set both, or neither for a server without sign-in.";
        }
        if (smtp is { Security: SmtpSecurity.None, User.Length: > 0 } && !IsLoopback(smtp.Host))
        {
            yield return "Notifications__Smtp__Security is None, which would send the password "
                + "in the clear: use StartTls or Tls.";
        }
        if (!MailboxAddress.TryParse(smtp.From, out var from) || from.Domain.Length == 0)
        {
            yield return "Notifications__Smtp__From is missing or no e-mail address: set it to "
                + "the sender your mail server accepts.";
        }
        var recipient = smtp.To.Replace(
            LowStockMail.ArtisanPlaceholder, "artisan", StringComparison.Ordinal);
        if (!MailboxAddress.TryParse(recipient, out var to) || to.Domain.Length == 0)
        {
            yield return "Notifications__Smtp__To is missing or no e-mail address: set it to one "
                + "address, or to a pattern such as {artisan}@example.com.";
        }
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsBetween(TimeSpan value, double minSeconds, double maxSeconds) =>
        value.TotalSeconds >= minSeconds && value.TotalSeconds <= maxSeconds;
}

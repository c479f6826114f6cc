namespace Artesanos.Inventory.Notifications;

/// <summary>Section <c>Notifications</c>: how artisans are told about low stock.</summary>
internal sealed class NotificationOptions
{
    public const string Section = "Notifications";

    /// <summary>How often what is due is looked for, <c>hh:mm:ss</c>.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one try may take, <c>hh:mm:ss</c>.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Delay after the first failed try, <c>hh:mm:ss</c>; doubled after each further one.
    /// </summary>
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Where the delay stops growing, <c>hh:mm:ss</c>.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Tries before an alert is given up; with the delays above about two days.</summary>
    public int MaxAttempts { get; set; } = 56;

    /// <summary>How long an alert that was sent or given up can be looked up.</summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The mail server; without a host only the log tells.</summary>
    public SmtpOptions Smtp { get; set; } = new();

    public TimeSpan RetryDelay(int attempts)
    {
        var factor = Math.Pow(2, Math.Clamp(attempts, 1, 32) - 1);
        return TimeSpan.FromSeconds(Math.Min(
            FirstRetryDelay.TotalSeconds * factor, MaxRetryDelay.TotalSeconds));
    }
}

internal enum SmtpSecurity
{
    /// <summary>In the clear: for a server on this machine.</summary>
    None,

    /// <summary>Starts in the clear and must change to TLS; port 587.</summary>
    StartTls,

    /// <summary>TLS from the first byte; port 465.</summary>
    Tls,
}

/// <summary>Section <c>Notifications:Smtp</c>.</summary>
internal sealed class SmtpOptions
{
    public string Host { get; set; } = "";
    public int Port { get; set; } = 587;
    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>Empty for a server that asks for no sign-in.</summary>
    public string User { get; set; } = "";
    public string Password { get; set; } = "";

    /// <summary>Sender, an address or <c>Name &lt;address&gt;</c>.</summary>
    public string From { get; set; } = "";

    /// <summary>
    /// One address for all alerts, or a pattern in which <c>{artisan}</c> stands for the subject
    /// of the product's artisan: <c>{artisan}@artesanos.example</c>.
    /// </summary>
    public string To { get; set; } = "";

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Host);
}

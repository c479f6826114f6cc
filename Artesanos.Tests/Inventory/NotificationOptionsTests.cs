using Artesanos.Inventory.Notifications;
using Xunit;

namespace Artesanos.Tests.Inventory;

public sealed class NotificationOptionsTests
{
    private const string Secret = "tomillo-y-romero";

    [Fact]
    public void Without_a_mail_server_the_defaults_are_valid() =>
        Assert.Empty(Failures(new NotificationOptions()));

    [Fact]
    public void A_mail_server_with_sender_and_recipient_is_valid() =>
        Assert.Empty(Failures(With(_ => { })));

    [Fact]
    public void Each_wrong_key_is_named_and_no_failure_tells_the_password()
    {
        (Action<SmtpOptions> Break, string Key)[] cases =
        [
            (smtp => smtp.Host = "", "Host"),
            (smtp => smtp.Port = 0, "Port"),
            (smtp => smtp.Port = 65_536, "Port"),
            (smtp => smtp.Security = (SmtpSecurity)9, "Security"),
            (smtp => smtp.Security = SmtpSecurity.None, "Security"),
            (smtp => smtp.User = "", "User"),
            (smtp => smtp.Password = "", "Password"),
            (smtp => smtp.From = "", "From"),
            (smtp => smtp.From = "avisos", "From"),
            (smtp => smtp.To = "", "To"),
            (smtp => smtp.To = "{artisan}", "To"),
            (smtp => smtp.To = "a@b.example, c@d.example", "To"),
        ];

        Assert.All(cases, wrong =>
        {
            var failure = Assert.Single(Failures(With(wrong.Break)));
            Assert.Contains($"Notifications__Smtp__{wrong.Key}", failure,
                StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, failure, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Bounds_name_their_key()
    {
        Assert.Equal(
            ["Notifications__MaxAttempts must be between 1 and 1000."],
            Failures(new NotificationOptions { MaxAttempts = 0 }));
        Assert.Contains("Notifications__SendTimeout", Assert.Single(Failures(
            new NotificationOptions { SendTimeout = TimeSpan.Zero })), StringComparison.Ordinal);
    }

    [Fact]
    public void The_delay_doubles_up_to_its_bound()
    {
        var options = new NotificationOptions();

        Assert.Equal([10, 20, 40, 2560, 3600, 3600], new[] { 1, 2, 3, 9, 10, 1000 }
            .Select(attempts => (int)options.RetryDelay(attempts).TotalSeconds));
    }

    private static NotificationOptions With(Action<SmtpOptions> change)
    {
        var smtp = new SmtpOptions
        {
            Host = "mail.example",
            User = "avisos",
            Password = Secret,
            From = "avisos@artesanos.example",
            To = "{artisan}@artesanos.example",
        };
        change(smtp);
        return new NotificationOptions { Smtp = smtp };
    }

    private static IEnumerable<string> Failures(NotificationOptions options) =>
        new NotificationOptionsCheck().Validate(null, options).Failures ?? [];
}

using System.Text;
using Artesanos.Inventory.Notifications;
using Artesanos.Messaging.Contracts;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using Xunit;
using static Artesanos.Tests.Inventory.Reserving;

namespace Artesanos.Tests.Inventory;

/// <summary>The channel against a real SMTP server.</summary>
[Trait("Category", "Integration")]
public sealed class EmailChannelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_alert_arrives_signed_in_with_its_accents_and_its_quotes()
    {
        await using var server = await MailServer.StartAsync(Ct);

        await Channel(server).SendAsync(Raised, Ct);
        await Eventually.TrueAsync(
            () => Task.FromResult(server.Received.Count > 0), Patience, "the mail is there", Ct);

        var mail = Assert.Single(server.Received);
        Assert.Equal(MailServer.User, mail.User);
        Assert.Equal("ana@talleres.example", mail.Recipient);
        Assert.Equal("Quedan 4 unidades: Jarra de Úbeda «Ñ» / 4 pieces left",
            mail.Message.Subject);
        Assert.Contains("«Jarra de Úbeda «Ñ»» tiene 4 unidades disponibles.",
            mail.Message.TextBody, StringComparison.Ordinal);
        // Accents travel encoded: a server need not know SMTPUTF8.
        var subject = mail.Message.Headers.Single(header => header.Id == HeaderId.Subject);
        Assert.Contains("=?utf-8?", Encoding.ASCII.GetString(subject.RawValue),
            StringComparison.Ordinal);
        Assert.All(subject.RawValue, octet => Assert.InRange(octet, (byte)1, (byte)127));
        Assert.Equal("Portal Artesanos", mail.Message.From.Mailboxes.Single().Name);
    }

    [Fact]
    public async Task A_wrong_password_sends_nothing_and_is_not_told_by_the_error()
    {
        await using var server = await MailServer.StartAsync(Ct);
        var channel = Channel(server, smtp => smtp.Password = "hinojo-secreto");

        var failure = await Assert.ThrowsAsync<AuthenticationException>(
            () => channel.SendAsync(Raised, Ct));

        Assert.DoesNotContain("hinojo-secreto", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task A_certificate_nobody_trusts_sends_neither_password_nor_mail()
    {
        await using var server = await MailServer.StartAsync(Ct);
        var channel = Channel(server, smtp => smtp.Security = SmtpSecurity.StartTls);

        await Assert.ThrowsAsync<SslHandshakeException>(() => channel.SendAsync(Raised, Ct));

        Assert.Empty(server.Received);
    }

    private static Notification Raised { get; } = new(
        Guid.CreateVersion7(), new LowStockAlert(JugId, "Jarra de Úbeda «Ñ»", "ana", 4, 5),
        Until, 1);

    private static EmailChannel Channel(MailServer server, Action<SmtpOptions>? change = null)
    {
        var smtp = new SmtpOptions
        {
            Host = "127.0.0.1",
            Port = server.Port,
            Security = SmtpSecurity.None,
            User = MailServer.User,
            Password = MailServer.Password,
            From = "Portal Artesanos <avisos@artesanos.example>",
            To = "{artisan}@talleres.example",
        };
        change?.Invoke(smtp);
        return new EmailChannel(Options.Create(new NotificationOptions { Smtp = smtp }));
    }
}

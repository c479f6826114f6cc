using Artesanos.Inventory.Notifications;
using Artesanos.Messaging.Contracts;
using MimeKit;
using Xunit;
using static Artesanos.Tests.Inventory.Reserving;

namespace Artesanos.Tests.Inventory;

public sealed class LowStockMailTests
{
    private static readonly Guid AlertId = new("01990000-0000-7000-8000-0000000000aa");

    private static readonly SmtpOptions Smtp = new()
    {
        Host = "localhost",
        From = "Portal Artesanos <avisos@artesanos.example>",
        To = "{artisan}@talleres.example",
    };

    [Theory]
    [InlineData(4, "Quedan 4 unidades: Ñandú & «Jarra» / 4 pieces left")]
    [InlineData(1, "Queda 1 unidad: Ñandú & «Jarra» / 1 piece left")]
    [InlineData(0, "Agotado: Ñandú & «Jarra» / Sold out")]
    public void The_subject_says_what_is_left_in_both_languages(int available, string subject)
    {
        using var mail = Compose(available: available);

        Assert.Equal(subject, mail.Subject);
    }

    [Fact]
    public void The_body_is_Spanish_with_English_below_and_names_product_and_threshold()
    {
        using var mail = Compose();

        var text = mail.TextBody!;
        Assert.Contains("«Ñandú & «Jarra»» tiene 4 unidades disponibles.", text,
            StringComparison.Ordinal);
        Assert.Contains("has 4 pieces available.", text, StringComparison.Ordinal);
        Assert.True(text.IndexOf("Hola:", StringComparison.Ordinal)
            < text.IndexOf("Hello,", StringComparison.Ordinal));
        Assert.Contains(JugId.ToString(), text, StringComparison.Ordinal);
        Assert.Equal("utf-8", ((TextPart)mail.Body!).ContentType.Charset);
    }

    [Fact]
    public void Each_try_has_the_same_message_id_and_a_machine_is_named_as_the_author()
    {
        using var first = Compose();
        using var second = Compose();

        Assert.Equal(
            "low-stock.019900000000700080000000000000aa@artesanos.example",
            first.MessageId);
        Assert.Equal(first.MessageId, second.MessageId);
        Assert.Equal(first.Date, second.Date);
        Assert.Equal("auto-generated", first.Headers[HeaderId.AutoSubmitted]);
    }

    [Fact]
    public void The_artisan_is_the_recipient()
    {
        using var mail = Compose(artisan: "los-ollarizos");

        Assert.Equal("los-ollarizos@talleres.example", Assert.Single(mail.To.Mailboxes).Address);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ana@evil.example, ana")]
    [InlineData("ana@evil.example")]
    [InlineData("ana\r\nBcc: x@evil.example")]
    [InlineData("<ana")]
    [InlineData("auth0|123")]
    public void A_subject_that_makes_no_address_of_ours_is_undeliverable(string? artisan) =>
        Assert.Throws<UndeliverableException>(() => Compose(artisan: artisan));

    [Fact]
    public void One_address_for_all_needs_no_artisan()
    {
        using var mail = LowStockMail.Compose(
            Raised("auth0|123", 4), new SmtpOptions { From = Smtp.From, To = "tienda@a.example" });

        Assert.Equal("tienda@a.example", Assert.Single(mail.To.Mailboxes).Address);
    }

    private static MimeMessage Compose(string? artisan = "ana", int available = 4) =>
        LowStockMail.Compose(Raised(artisan, available), Smtp);

    private static Notification Raised(string? artisan, int available) => new(
        AlertId, new LowStockAlert(JugId, "Ñandú & «Jarra»", artisan, available, 5), Until, 1);
}

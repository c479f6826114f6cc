using System.Text;
using System.Text.Json;
using Artesanos.Payments.Charging;
using Artesanos.Payments.StripeApi;
using Stripe;
using Xunit;

namespace Artesanos.Tests.Payments;

/// <summary>What is let in at the webhook, and what is read of it.</summary>
public sealed class WebhookTests
{
    private const string Secret = "whsec_new";
    private const string Body = """{"object":"event"}""";
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    [Fact]
    public void Any_of_the_secrets_may_have_signed() =>
        Assert.True(IsGenuine(Sign(Secret, 0), "whsec_old", Secret));

    [Fact]
    public void A_signature_of_another_secret_is_refused() =>
        Assert.False(IsGenuine(Sign("whsec_other", 0), "whsec_old", Secret));

    [Theory]
    [InlineData(-290, true)]
    [InlineData(290, true)]
    [InlineData(-310, false)]
    [InlineData(310, false)]
    public void The_timestamp_may_be_five_minutes_off_in_either_direction(
        int offset, bool genuine) => Assert.Equal(genuine, IsGenuine(Sign(Secret, offset), Secret));

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("t=,v1=")]
    [InlineData("t=1")]
    [InlineData("v1=aa")]
    [InlineData("t=abc,v1=aa")]
    [InlineData("t=99999999999999999999,v1=aa")]
    [InlineData("t=1,t=2,v1=aa,v1=bb")]
    [InlineData("=,=,=")]
    [InlineData("t=1,v1=ñ")]
    public void A_malformed_header_is_refused_and_never_an_error(string header) =>
        Assert.False(IsGenuine(header, Secret));

    [Fact]
    public void A_well_signed_header_with_an_impossible_time_is_refused()
    {
        foreach (var time in new[] { "99999999999999999999", "abc", "", "-1" })
        {
            var signature = EventUtility.ComputeSignature(Secret, time, Body);
            Assert.False(IsGenuine($"t={time},v1={signature}", Secret));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{"object":"event"}""")]
    [InlineData("""{"object":"event","id":1,"type":"x","data":{"object":{}}}""")]
    [InlineData("""{"object":"event","id":"evt_1","type":"x","data":[]}""")]
    public void What_is_not_an_event_is_refused(string body) =>
        Assert.ThrowsAny<JsonException>(() => Parse(body));

    [Fact]
    public void A_success_is_read_with_everything_that_is_checked()
    {
        var read = Parse(Event(
            "payment_intent.succeeded",
            """
            {"object":"payment_intent","id":"pi_1","status":"succeeded","amount_received":4999,
             "currency":"eur","livemode":true,"metadata":{"order_id":"o"},
             "last_payment_error":null}
            """));

        Assert.Equal(("evt_1", "pi_1", true), (read.Id, read.IntentId, read.IsOurVersion));
        var seen = Assert.IsType<PaymentFact.IntentSeen>(read.Fact);
        Assert.Null(seen.Answer);
        Assert.Equal(
            new IntentSnapshot("pi_1", "succeeded", "o", 4999, "eur", true, null, null),
            seen.Intent);
    }

    [Fact]
    public void Another_api_version_is_noticed() => Assert.False(
        Parse(Event("payment_intent.canceled", "{}", "2019-01-01")).IsOurVersion);

    [Fact]
    public void Only_a_full_refund_of_a_charge_is_a_fact()
    {
        var whole = """{"object":"charge","payment_intent":"pi_1","refunded":true}""";
        var part = """{"object":"charge","payment_intent":"pi_1","refunded":false}""";

        Assert.IsType<PaymentFact.ChargeRefunded>(Parse(Event("charge.refunded", whole)).Fact);
        Assert.Null(Parse(Event("charge.refunded", part)).Fact);
    }

    [Fact]
    public void A_type_of_no_interest_is_an_event_without_a_fact() =>
        Assert.Null(Parse(Event("customer.created", """{"object":"customer"}""")).Fact);

    private static string Event(string type, string subject, string? version = null) =>
        $$"""
        {"object":"event","id":"evt_1","type":"{{type}}",
         "api_version":"{{version ?? StripeConfiguration.ApiVersion}}",
         "data":{"object":{{subject}} } }
        """;

    private static StripeEvent Parse(string body) =>
        StripeEvent.Parse(Encoding.UTF8.GetBytes(body));

    private static string Sign(string secret, int offsetSeconds) =>
        EventUtility.GenerateSignatureHeader(
            Body, secret, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + offsetSeconds);

    private static bool IsGenuine(string header, params string[] secrets) =>
        WebhookSignature.IsGenuine(Body, header, secrets, Tolerance);
}

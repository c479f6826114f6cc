using System.Text;
using System.Text.Json;
using Artesanos.Payments.StripeApi;
using Artesanos.StripeSimulator.Webhooks;
using Stripe;
using Xunit;

namespace Artesanos.Tests.Payments;

/// <summary>What is stored of an event: all that is read of it, and nothing secret.</summary>
public sealed class EventExcerptTests
{
    // Every field that is read, in an object that also has what must not be stored.
    private const string Subject =
        """
        {"id":"x_1","object":"OBJECT","status":"succeeded","payment_intent":"pi_1",
         "charge":"ch_1","amount":4999,"amount_received":4999,"amount_refunded":4999,
         "refunded":true,"currency":"eur","livemode":false,"created":1760000000,
         "cancellation_reason":"requested_by_customer","failure_reason":"declined",
         "reason":"fraudulent",
         "metadata":{"order_id":"0199","refund_id":"01990000-0000-7000-8000-0000000000aa",
            "note":"HIDDEN"},
         "client_secret":"pi_1_secret_HIDDEN",
         "next_action":{"redirect_to_url":{"url":"https://x/?client_secret=HIDDEN"}},
         "receipt_email":"HIDDEN@example.org",
         "billing_details":{"name":"HIDDEN"},
         "payment_method_details":{"card":{"last4":"HIDDEN","fingerprint":"HIDDEN"}},
         "last_payment_error":{"type":"card_error","code":"card_declined",
            "decline_code":"lost_card","message":"HIDDEN",
            "payment_method":{"id":"pm_1","card":{"last4":"HIDDEN"}}}}
        """;

    public static TheoryData<string> HandledTypes => [.. StripeEvent.HandledTypes];

    [Theory]
    [MemberData(nameof(HandledTypes))]
    public void The_excerpt_says_what_the_whole_event_says(string type)
    {
        var body = Event(type);

        Assert.Equal(StripeEvent.Parse(body), StripeEvent.Parse(EventExcerpt.Of(body)));
        Assert.True(StripeEvent.Parse(body).NeedsWork);
    }

    [Theory]
    [MemberData(nameof(HandledTypes))]
    public void The_excerpt_has_no_secret_no_card_and_no_person(string type) =>
        Assert.DoesNotContain(
            "HIDDEN", Encoding.UTF8.GetString(EventExcerpt.Of(Event(type))),
            StringComparison.Ordinal);

    [Fact]
    public void The_simulator_sends_exactly_the_types_that_are_handled() =>
        Assert.Equal(WebhookOptions.DefaultEvents, StripeEvent.HandledTypes);

    [Fact]
    public void An_object_where_a_value_is_expected_is_not_stored()
    {
        var body = """
            {"object":"event","id":"evt_1","type":"refund.updated",
             "data":{"object":{"id":"re_1","object":"refund",
                "payment_intent":{"id":"pi_1","client_secret":"HIDDEN"}}}}
            """u8.ToArray();

        Assert.DoesNotContain(
            "HIDDEN", Encoding.UTF8.GetString(EventExcerpt.Of(body)), StringComparison.Ordinal);
    }

    private static byte[] Event(string type)
    {
        var subject = type switch
        {
            _ when type.StartsWith("payment_intent.", StringComparison.Ordinal) =>
                "payment_intent",
            _ when type.StartsWith("charge.dispute.", StringComparison.Ordinal) => "dispute",
            _ when type.StartsWith("charge.", StringComparison.Ordinal) => "charge",
            _ => "refund",
        };
        return Encoding.UTF8.GetBytes(
            $$"""
            {"object":"event","id":"evt_1","type":{{JsonSerializer.Serialize(type)}},
             "created":1760000001,"api_version":"{{StripeConfiguration.ApiVersion}}",
             "data":{"object":{{Subject.Replace("OBJECT", subject, StringComparison.Ordinal)}} } }
            """);
    }
}

using System.Text.Json;
using Artesanos.StripeSimulator.PaymentIntents;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Charges;

/// <summary><c>outcome</c> of a charge: what the bank said, and what Stripe's fraud prevention
/// did before it asked.</summary>
internal static class ChargeOutcomeJson
{
    public static void Write(Utf8JsonWriter json, Charge charge)
    {
        var risk = charge.PaymentMethod.Card.Risk;
        json.WriteStartObject("outcome");
        json.Text("advice_code", charge.Failure?.Advice);
        json.Nulls("network_advice_code", "network_decline_code");
        switch (charge.Failure)
        {
            case null:
                WriteVerdict(json, "approved_by_network", null, "Payment complete.");
                break;
            case { } when risk == CardRisk.Highest:
                WriteVerdict(
                    json, "not_sent_to_network", "highest_risk_level",
                    "Stripe blocked this payment as too risky.");
                break;
            case { } decline:
                WriteVerdict(
                    json, "declined_by_network", decline.DeclineCode,
                    decline.DeclineCode == TestCards.GenericDecline.DeclineCode
                        ? "The bank did not return any further details with this decline."
                        : $"The bank returned the decline code `{decline.DeclineCode}`.");
                break;
        }

        json.Text("risk_level", risk switch
        {
            CardRisk.Elevated => "elevated",
            CardRisk.Highest => "highest",
            _ => "normal"
        });
        json.Number("risk_score", (long)risk);
        json.Text("type", (charge.Failure, risk) switch
        {
            (null, _) => "authorized",
            (_, CardRisk.Highest) => "blocked",
            _ => "issuer_declined"
        });
        json.WriteEndObject();
    }

    private static void WriteVerdict(
        Utf8JsonWriter json, string network, string? reason, string message)
    {
        json.Text("network_status", network);
        json.Text("reason", reason);
        json.Text("seller_message", message);
    }
}

using System.Text.Json;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.PaymentIntents;

/// <summary>A payment method as Stripe makes it each time a test card is used by its name.
/// </summary>
internal sealed record PaymentMethod(string Id, TestCard Card, long Created)
{
    public const int ExpiryMonth = 12;
    public const int ExpiryYear = 2034;

    public string Fingerprint => $"{Card.Brand}{Card.Last4}{Card.Country}";

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.Text("id", Id);
        json.Text("object", "payment_method");
        json.Text("allow_redisplay", "unspecified");
        WriteBillingDetails(json);
        json.WriteStartObject("card");
        json.Text("brand", Card.Brand);
        WriteChecks(json);
        json.Text("country", Card.Country);
        json.Text("display_brand", Card.Brand);
        json.Number("exp_month", ExpiryMonth);
        json.Number("exp_year", ExpiryYear);
        json.Text("fingerprint", Fingerprint);
        json.Text("funding", Card.Funding);
        json.Nulls("generated_from");
        json.Text("last4", Card.Last4);
        json.WriteStartObject("networks");
        json.Texts("available", [Card.Brand]);
        json.Nulls("preferred");
        json.WriteEndObject();
        json.Text("regulated_status", "unregulated");
        json.WriteStartObject("three_d_secure_usage");
        json.WriteBoolean("supported", true);
        json.WriteEndObject();
        json.Nulls("wallet");
        json.WriteEndObject();
        json.Number("created", Created);
        json.Nulls("customer", "customer_account");
        json.WriteBoolean("livemode", false);
        json.WriteStartObject("metadata");
        json.WriteEndObject();
        json.Text("type", "card");
        json.WriteEndObject();
    }

    public static void WriteBillingDetails(Utf8JsonWriter json)
    {
        json.WriteStartObject("billing_details");
        json.WriteStartObject("address");
        json.Nulls("city", "country", "line1", "line2", "postal_code", "state");
        json.WriteEndObject();
        json.Nulls("email", "name", "phone", "tax_id");
        json.WriteEndObject();
    }

    public static void WriteChecks(Utf8JsonWriter json)
    {
        json.WriteStartObject("checks");
        json.Nulls("address_line1_check", "address_postal_code_check");
        json.Text("cvc_check", "pass");
        json.WriteEndObject();
    }
}

using System.Globalization;
using System.Text.Json;
using Artesanos.StripeSimulator.PaymentIntents;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Charges;

/// <summary><c>payment_method_details</c> of a charge: the card as it was when charged.</summary>
internal static class ChargeCardJson
{
    private static readonly long AuthorizationSeconds = (long)TimeSpan.FromDays(7).TotalSeconds;

    public static void Write(Utf8JsonWriter json, Charge charge)
    {
        var method = charge.PaymentMethod;
        json.WriteStartObject("payment_method_details");
        json.WriteStartObject("card");
        json.Number("amount_authorized", charge.Amount);
        json.Nulls("authorization_code");
        json.Text("brand", method.Card.Brand);
        if (charge is { Captured: false, IsPending: false, Failure: null })
        {
            json.Number("capture_before", charge.Created + AuthorizationSeconds);
        }

        PaymentMethod.WriteChecks(json);
        json.Text("country", method.Card.Country);
        json.Nulls("electronic_commerce_indicator");
        json.Number("exp_month", PaymentMethod.ExpiryMonth);
        json.Number("exp_year", PaymentMethod.ExpiryYear);
        WriteStatus(json, "extended_authorization", "disabled");
        json.Text("fingerprint", method.Fingerprint);
        json.Text("funding", method.Card.Funding);
        WriteStatus(json, "incremental_authorization", "unavailable");
        json.Nulls("installments");
        json.Text("last4", method.Card.Last4);
        json.Nulls("mandate", "moto");
        WriteStatus(json, "multicapture", "unavailable");
        json.Text("network", method.Card.Brand);
        json.WriteStartObject("network_token");
        json.WriteBoolean("used", false);
        json.WriteEndObject();
        json.Text("network_transaction_id", charge.NetworkTransactionId.ToString(
            CultureInfo.InvariantCulture));
        json.WriteStartObject("overcapture");
        json.Number("maximum_amount_capturable", charge.Amount);
        json.Text("status", "unavailable");
        json.WriteEndObject();
        json.Text("regulated_status", "unregulated");
        WriteThreeDSecure(json, charge);
        json.Nulls("transaction_link_id", "wallet");
        json.WriteEndObject();
        json.Text("type", "card");
        json.WriteEndObject();
    }

    private static void WriteStatus(Utf8JsonWriter json, string name, string status)
    {
        json.WriteStartObject(name);
        json.Text("status", status);
        json.WriteEndObject();
    }

    private static void WriteThreeDSecure(Utf8JsonWriter json, Charge charge)
    {
        if (!charge.Authenticated)
        {
            json.WriteNull("three_d_secure");
            return;
        }

        json.WriteStartObject("three_d_secure");
        json.Text("authentication_flow", "challenge");
        json.Text("electronic_commerce_indicator", "05");
        json.Nulls("exemption_indicator");
        json.Text("result", "authenticated");
        json.Nulls("result_reason", "transaction_id");
        json.Text("version", "2.2.0");
        json.WriteEndObject();
    }
}

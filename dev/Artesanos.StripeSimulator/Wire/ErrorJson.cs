using System.Text.Json;
using Artesanos.StripeSimulator.PaymentIntents;

namespace Artesanos.StripeSimulator.Wire;

/// <summary>Stripe's error envelope. Unlike other objects, an error leaves unused fields out.
/// </summary>
internal static class ErrorJson
{
    public static void Write(Utf8JsonWriter json, StripeRefusal refusal, string? logUrl,
        bool publishable)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        WriteFields(json, refusal);
        if (refusal.Intent is { } intent)
        {
            json.WritePropertyName("payment_intent");
            if (publishable)
            {
                PaymentIntentJson.WritePublishable(json, intent);
            }
            else
            {
                PaymentIntentJson.Write(json, intent, Expansion.None);
            }
        }

        json.Optional("request_log_url", logUrl);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The fields that <c>last_payment_error</c> of an intent has too.</summary>
    public static void WriteFields(Utf8JsonWriter json, StripeRefusal refusal)
    {
        json.Optional("advice_code", refusal.AdviceCode);
        json.Optional("charge", refusal.ChargeId);
        json.Optional("code", refusal.Code);
        json.Optional("decline_code", refusal.DeclineCode);
        if (refusal.Code is { } code)
        {
            json.Text(
                "doc_url",
                $"https://stripe.com/docs/error-codes/{code.Replace('_', '-')}");
        }

        json.Text("message", refusal.Message);
        json.Optional("param", refusal.Param);
        if (refusal.PaymentMethod is { } method)
        {
            json.WritePropertyName("payment_method");
            method.Write(json);
        }

        json.Text("type", refusal.Type);
    }
}

using System.Text.Json;
using Artesanos.StripeSimulator.PaymentIntents;

namespace Artesanos.StripeSimulator.Wire;

/// <summary>Stripe's error envelope. Unlike other objects, an error leaves unused fields out.
/// </summary>
internal static class ErrorJson
{
    public static void Write(Utf8JsonWriter json, StripeRefusal refusal, string requestId,
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

        if (refusal.Status is not 401)
        {
            json.Text("request_log_url", $"https://dashboard.stripe.com/test/logs/{requestId}");
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The fields that <c>last_payment_error</c> of an intent has too.</summary>
    public static void WriteFields(Utf8JsonWriter json, StripeRefusal refusal)
    {
        Optional(json, "advice_code", refusal.AdviceCode);
        Optional(json, "charge", refusal.ChargeId);
        Optional(json, "code", refusal.Code);
        Optional(json, "decline_code", refusal.DeclineCode);
        if (refusal.Code is { } code)
        {
            json.Text(
                "doc_url",
                $"https://stripe.com/docs/error-codes/{code.Replace('_', '-')}");
        }

        json.Text("message", refusal.Message);
        Optional(json, "param", refusal.Param);
        if (refusal.PaymentMethod is { } method)
        {
            json.WritePropertyName("payment_method");
            method.Write(json);
        }

        json.Text("type", refusal.Type);
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}

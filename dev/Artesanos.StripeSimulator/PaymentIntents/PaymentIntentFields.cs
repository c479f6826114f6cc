using System.Text.Json;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.PaymentIntents;

/// <summary>The nested fields of an intent, for merchants and for browsers.</summary>
internal static class PaymentIntentFields
{
    public static void WriteAmountDetails(Utf8JsonWriter json)
    {
        json.WriteStartObject("amount_details");
        json.WriteStartObject("tip");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Which of the account's settings chose the payment methods: only where they are
    /// automatic.</summary>
    public static void WriteConfiguration(Utf8JsonWriter json, PaymentIntent intent)
    {
        if (intent.AllowRedirects is null)
        {
            json.WriteNull("payment_method_configuration_details");
            return;
        }

        json.WriteStartObject("payment_method_configuration_details");
        json.Text("id", "pmc_1SimulatorDefault");
        json.Nulls("parent");
        json.WriteEndObject();
    }

    public static void WriteAutomaticPaymentMethods(Utf8JsonWriter json, PaymentIntent intent)
    {
        if (intent.AllowRedirects is null)
        {
            json.WriteNull("automatic_payment_methods");
            return;
        }

        json.WriteStartObject("automatic_payment_methods");
        json.Text("allow_redirects", intent.AllowRedirects);
        json.WriteBoolean("enabled", true);
        json.WriteEndObject();
    }

    public static void WriteLastPaymentError(Utf8JsonWriter json, PaymentIntent intent)
    {
        json.WritePropertyName("last_payment_error");
        if (intent.LastPaymentError is { } error)
        {
            json.WriteStartObject();
            ErrorJson.WriteFields(json, error);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }
    }

    public static void WriteNextAction(Utf8JsonWriter json, PaymentIntent intent)
    {
        json.WritePropertyName("next_action");
        if (intent.NextAction is not { } action)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        if (action.ReturnUrl is not null)
        {
            json.WriteStartObject("redirect_to_url");
            json.Text("return_url", action.ReturnUrl);
            json.Text("url", action.Url);
            json.WriteEndObject();
            json.Text("type", "redirect_to_url");
        }
        else
        {
            json.Text("type", "use_stripe_sdk");
            json.WriteStartObject("use_stripe_sdk");
            json.Text("type", "three_d_secure_redirect");
            json.Text("stripe_js", action.Url);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}

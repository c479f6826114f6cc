using System.Text.Json;
using Artesanos.StripeSimulator.Charges;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.PaymentIntents;

internal static class PaymentIntentJson
{
    public static readonly string[] Expandable =
    [
        "latest_charge", "latest_charge.refunds", "payment_method", "customer", "application",
        "on_behalf_of", "payment_record", "review", "source"
    ];

    private static readonly string[] CardOnly = ["card"];

    public static void Write(Utf8JsonWriter json, PaymentIntent intent, Expansion expansion)
    {
        json.WriteStartObject();
        json.Text("id", intent.Id);
        json.Text("object", "payment_intent");
        json.Texts("allowed_payment_method_types", intent.AllowedPaymentMethodTypes);
        json.Number("amount", intent.Amount);
        json.Number("amount_capturable", intent.AmountCapturable);
        json.WriteStartObject("amount_details");
        json.WriteStartObject("tip");
        json.WriteEndObject();
        json.WriteEndObject();
        json.Number("amount_received", intent.AmountReceived);
        json.Nulls("application", "application_fee_amount");
        WriteAutomaticPaymentMethods(json, intent);
        json.Number("canceled_at", intent.CanceledAt);
        json.Text("cancellation_reason", intent.CancellationReason);
        json.Text("capture_method", intent.CaptureMethod);
        json.Text("client_secret", intent.ClientSecret);
        json.Text("confirmation_method", intent.ConfirmationMethod);
        json.Number("created", intent.Created);
        json.Text("currency", intent.Currency);
        json.Nulls("customer", "customer_account");
        json.Text("description", intent.Description);
        json.Nulls("excluded_payment_method_types", "hooks");
        WriteLastPaymentError(json, intent);
        WriteLatestCharge(json, intent, expansion);
        json.WriteBoolean("livemode", false);
        json.Nulls("managed_payments");
        json.Hash("metadata", intent.Metadata);
        WriteNextAction(json, intent);
        json.Nulls("on_behalf_of", "payment_details");
        WritePaymentMethod(json, intent, expansion);
        json.Nulls("payment_method_configuration_details");
        json.WriteStartObject("payment_method_options");
        json.WriteStartObject("card");
        json.Nulls("installments", "mandate_options", "network");
        json.Text("request_three_d_secure", "automatic");
        json.WriteEndObject();
        json.WriteEndObject();
        json.Texts("payment_method_types", intent.AllowedPaymentMethodTypes ?? CardOnly);
        json.Nulls("payment_record", "presentment_details", "processing");
        json.Text("receipt_email", intent.ReceiptEmail);
        json.Nulls("review");
        json.Text("setup_future_usage", intent.SetupFutureUsage);
        json.Nulls("shipping", "source");
        json.Text("statement_descriptor", intent.StatementDescriptor);
        json.Text("statement_descriptor_suffix", intent.StatementDescriptorSuffix);
        json.Text("status", intent.Status);
        json.Nulls("transfer_data");
        json.Text("transfer_group", intent.TransferGroup);
        json.WriteEndObject();
    }

    /// <summary>What a publishable key may see: nothing of the merchant's own.</summary>
    public static void WritePublishable(Utf8JsonWriter json, PaymentIntent intent)
    {
        json.WriteStartObject();
        json.Text("id", intent.Id);
        json.Text("object", "payment_intent");
        json.Number("amount", intent.Amount);
        WriteAutomaticPaymentMethods(json, intent);
        json.Number("canceled_at", intent.CanceledAt);
        json.Text("cancellation_reason", intent.CancellationReason);
        json.Text("capture_method", intent.CaptureMethod);
        json.Text("client_secret", intent.ClientSecret);
        json.Text("confirmation_method", intent.ConfirmationMethod);
        json.Number("created", intent.Created);
        json.Text("currency", intent.Currency);
        json.Text("description", intent.Description);
        WriteLastPaymentError(json, intent);
        json.WriteBoolean("livemode", false);
        WriteNextAction(json, intent);
        WritePaymentMethod(json, intent, Expansion.None);
        json.Texts("payment_method_types", intent.AllowedPaymentMethodTypes ?? CardOnly);
        json.Nulls("processing");
        json.Text("receipt_email", intent.ReceiptEmail);
        json.Text("setup_future_usage", intent.SetupFutureUsage);
        json.Nulls("shipping", "source");
        json.Text("status", intent.Status);
        json.WriteEndObject();
    }

    private static void WriteAutomaticPaymentMethods(Utf8JsonWriter json, PaymentIntent intent)
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

    private static void WriteLastPaymentError(Utf8JsonWriter json, PaymentIntent intent)
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

    private static void WriteLatestCharge(
        Utf8JsonWriter json, PaymentIntent intent, Expansion expansion)
    {
        json.WritePropertyName("latest_charge");
        if (intent.LatestCharge is { } charge && expansion.Has("latest_charge"))
        {
            ChargeJson.Write(json, charge, expansion.Inside("latest_charge"));
        }
        else
        {
            json.WriteStringValue(intent.LatestCharge?.Id);
        }
    }

    private static void WritePaymentMethod(
        Utf8JsonWriter json, PaymentIntent intent, Expansion expansion)
    {
        json.WritePropertyName("payment_method");
        if (intent.PaymentMethod is { } method && expansion.Has("payment_method"))
        {
            method.Write(json);
        }
        else
        {
            json.WriteStringValue(intent.PaymentMethod?.Id);
        }
    }

    private static void WriteNextAction(Utf8JsonWriter json, PaymentIntent intent)
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

using System.Text.Json;
using Artesanos.StripeSimulator.Charges;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.PaymentIntents;

internal static class PaymentIntentJson
{
    private static readonly string[] CardOnly = ["card"];

    public static void Write(Utf8JsonWriter json, PaymentIntent intent, Expansion expansion)
    {
        json.WriteStartObject();
        json.Text("id", intent.Id);
        json.Text("object", "payment_intent");
        json.Texts("allowed_payment_method_types", intent.AllowedPaymentMethodTypes);
        json.Number("amount", intent.Amount);
        json.Number("amount_capturable", intent.AmountCapturable);
        PaymentIntentFields.WriteAmountDetails(json);
        json.Number("amount_received", intent.AmountReceived);
        json.Nulls("application", "application_fee_amount");
        PaymentIntentFields.WriteAutomaticPaymentMethods(json, intent);
        json.Number("canceled_at", intent.CanceledAt);
        json.Text("cancellation_reason", intent.CancellationReason);
        json.Text("capture_method", intent.CaptureMethod);
        json.Text("client_secret", intent.ClientSecret);
        json.Text("confirmation_method", intent.ConfirmationMethod);
        json.Number("created", intent.Created);
        json.Text("currency", intent.Currency);
        json.Nulls("customer", "customer_account");
        json.Text("description", intent.Description);
        json.Nulls("excluded_payment_method_types");
        PaymentIntentFields.WriteLastPaymentError(json, intent);
        json.Reference("latest_charge", intent.LatestCharge?.Id, expansion,
            inside => ChargeJson.Write(json, intent.LatestCharge!, inside));
        json.WriteBoolean("livemode", false);
        json.Nulls("managed_payments");
        json.Hash("metadata", intent.Metadata);
        PaymentIntentFields.WriteNextAction(json, intent);
        json.Nulls("on_behalf_of");
        json.Reference("payment_method", intent.PaymentMethod?.Id, expansion,
            _ => intent.PaymentMethod!.Write(json));
        PaymentIntentFields.WriteConfiguration(json, intent);
        json.WriteStartObject("payment_method_options");
        json.WriteStartObject("card");
        json.Nulls("installments", "mandate_options", "network");
        json.Text("request_three_d_secure", "automatic");
        json.WriteEndObject();
        json.WriteEndObject();
        json.Texts("payment_method_types", intent.AllowedPaymentMethodTypes ?? CardOnly);
        json.Nulls("payment_record", "processing");
        json.Text("receipt_email", intent.ReceiptEmail);
        json.Nulls("review");
        json.Text("setup_future_usage", intent.SetupFutureUsage);
        json.Nulls("shipping", "source");
        json.Nulls("statement_descriptor");
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
        PaymentIntentFields.WriteAmountDetails(json);
        PaymentIntentFields.WriteAutomaticPaymentMethods(json, intent);
        json.Number("canceled_at", intent.CanceledAt);
        json.Text("cancellation_reason", intent.CancellationReason);
        json.Text("capture_method", intent.CaptureMethod);
        json.Text("client_secret", intent.ClientSecret);
        json.Text("confirmation_method", intent.ConfirmationMethod);
        json.Number("created", intent.Created);
        json.Text("currency", intent.Currency);
        json.Text("description", intent.Description);
        PaymentIntentFields.WriteLastPaymentError(json, intent);
        json.WriteBoolean("livemode", false);
        PaymentIntentFields.WriteNextAction(json, intent);
        json.Text("payment_method", intent.PaymentMethod?.Id);
        PaymentIntentFields.WriteConfiguration(json, intent);
        json.Texts("payment_method_types", intent.AllowedPaymentMethodTypes ?? CardOnly);
        json.Nulls("processing");
        json.Text("receipt_email", intent.ReceiptEmail);
        json.Text("setup_future_usage", intent.SetupFutureUsage);
        json.Nulls("shipping", "source");
        json.Text("status", intent.Status);
        json.WriteEndObject();
    }
}

using System.Text.Json;
using Artesanos.StripeSimulator.Charges;
using Artesanos.StripeSimulator.PaymentIntents;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Refunds;

internal static class RefundJson
{
    public static readonly string[] Expandable =
        ["charge", "payment_intent", "payment_method", "customer"];

    public static void Write(Utf8JsonWriter json, Refund refund, Expansion expansion)
    {
        var charge = refund.Charge;
        json.WriteStartObject();
        json.Text("id", refund.Id);
        json.Text("object", "refund");
        json.Number("amount", refund.Amount);
        json.Text("balance_transaction", refund.BalanceTransactionId);
        json.WritePropertyName("charge");
        if (expansion.Has("charge"))
        {
            ChargeJson.Write(json, charge, Expansion.None);
        }
        else
        {
            json.WriteStringValue(charge.Id);
        }

        json.Number("created", refund.Created);
        json.Text("currency", charge.Currency);
        json.Nulls("customer", "customer_account", "description");
        WriteDestination(json, refund);
        json.Text("failure_balance_transaction", refund.FailureBalanceTransactionId);
        json.Text("failure_reason", refund.FailureReason);
        json.Text("instructions_email", refund.InstructionsEmail);
        json.Hash("metadata", refund.Metadata);
        json.Nulls("next_action");
        json.WritePropertyName("payment_intent");
        if (expansion.Has("payment_intent"))
        {
            PaymentIntentJson.Write(json, charge.Intent, Expansion.None);
        }
        else
        {
            json.WriteStringValue(charge.Intent.Id);
        }

        json.WritePropertyName("payment_method");
        if (expansion.Has("payment_method"))
        {
            charge.PaymentMethod.Write(json);
        }
        else
        {
            json.WriteStringValue(charge.PaymentMethod.Id);
        }

        json.Text("pending_reason", refund.Status == "pending" ? "processing" : null);
        json.Nulls("presentment_details");
        json.Text("reason", refund.Reason);
        json.Nulls("receipt_number", "source_transfer_reversal");
        json.Text("status", refund.Status);
        json.Nulls("transfer_reversal");
        json.WriteEndObject();
    }

    private static void WriteDestination(Utf8JsonWriter json, Refund refund)
    {
        json.WriteStartObject("destination_details");
        json.WriteStartObject("card");
        json.Nulls("reference");
        json.Text("reference_status", "pending");
        json.Text("reference_type", "acquirer_reference_number");
        json.Text("type", refund.Charge.Captured ? "refund" : "reversal");
        json.WriteEndObject();
        json.Text("type", "card");
        json.WriteEndObject();
    }
}

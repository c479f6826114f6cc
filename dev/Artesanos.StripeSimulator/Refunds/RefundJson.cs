using System.Text.Json;
using Artesanos.StripeSimulator.Charges;
using Artesanos.StripeSimulator.PaymentIntents;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Refunds;

internal static class RefundJson
{
    public const string PendingReason = "processing";

    public static void Write(Utf8JsonWriter json, Refund refund, Expansion expansion)
    {
        var charge = refund.Charge;
        json.WriteStartObject();
        json.Text("id", refund.Id);
        json.Text("object", "refund");
        json.Number("amount", refund.Amount);
        json.Text("balance_transaction", refund.BalanceTransactionId);
        json.Reference("charge", charge.Id, expansion,
            inside => ChargeJson.Write(json, charge, inside));
        json.Number("created", refund.Created);
        json.Text("currency", charge.Currency);
        json.Nulls("customer", "customer_account");
        WriteDestination(json, refund);
        json.Optional("failure_balance_transaction", refund.FailureBalanceTransactionId);
        json.Optional("failure_reason", refund.FailureReason);
        json.Optional("instructions_email", refund.InstructionsEmail);
        json.Hash("metadata", refund.Metadata);
        json.Reference("payment_intent", charge.Intent.Id, expansion,
            inside => PaymentIntentJson.Write(json, charge.Intent, inside));
        json.Reference("payment_method", charge.PaymentMethod.Id, expansion,
            _ => charge.PaymentMethod.Write(json));
        json.Optional("pending_reason", refund.Status == "pending" ? PendingReason : null);
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
        json.Optional("reference", refund.Reference);
        json.Text("reference_status", refund.Reference is null ? "pending" : "available");
        json.Text("reference_type", "acquirer_reference_number");
        json.Text("type", refund.Charge.Captured ? "refund" : "reversal");
        json.WriteEndObject();
        json.Text("type", "card");
        json.WriteEndObject();
    }
}

using System.Text.Json;
using Artesanos.StripeSimulator.Charges;
using Artesanos.StripeSimulator.PaymentIntents;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Disputes;

internal static class DisputeJson
{
    private const string ReasonCode = "10.4";

    private static readonly long DaysToRespondSeconds = (long)TimeSpan.FromDays(7).TotalSeconds;

    public static void Write(Utf8JsonWriter json, Dispute dispute, Expansion expansion)
    {
        var charge = dispute.Charge;
        json.WriteStartObject();
        json.Text("id", dispute.Id);
        json.Text("object", "dispute");
        json.Number("amount", dispute.Amount);
        json.Texts("balance_transactions", []);
        json.Reference("charge", charge.Id, expansion,
            inside => ChargeJson.Write(json, charge, inside));
        json.Number("created", dispute.Created);
        json.Text("currency", charge.Currency);
        json.Texts("enhanced_eligibility_types", []);
        WriteEvidence(json);
        json.WriteStartObject("evidence_details");
        json.Number("due_by", dispute.Created + DaysToRespondSeconds);
        json.WriteStartObject("enhanced_eligibility");
        json.WriteEndObject();
        json.WriteBoolean("has_evidence", false);
        json.WriteBoolean("past_due", false);
        json.Number("submission_count", 0);
        json.Text("submission_method", "not_submitted");
        json.WriteEndObject();
        json.Nulls("intended_submission_method");
        json.WriteBoolean("is_charge_refundable", false);
        json.WriteBoolean("livemode", false);
        json.WriteStartObject("metadata");
        json.WriteEndObject();
        json.Text("network_reason_code", ReasonCode);
        json.Reference("payment_intent", charge.Intent.Id, expansion,
            inside => PaymentIntentJson.Write(json, charge.Intent, inside));
        json.WriteStartObject("payment_method_details");
        json.WriteStartObject("card");
        json.Text("brand", charge.PaymentMethod.Card.Brand);
        json.Text("case_type", "chargeback");
        json.Text("network", charge.PaymentMethod.Card.Brand);
        json.Text("network_reason_code", ReasonCode);
        json.WriteEndObject();
        json.Text("type", "card");
        json.WriteEndObject();
        json.Text("reason", dispute.Reason);
        json.Text("status", dispute.Status);
        json.WriteEndObject();
    }

    private static void WriteEvidence(Utf8JsonWriter json)
    {
        json.WriteStartObject("evidence");
        json.Nulls(
            "access_activity_log", "billing_address", "cancellation_policy",
            "cancellation_policy_disclosure", "cancellation_rebuttal", "customer_communication",
            "customer_email_address", "customer_name", "customer_purchase_ip",
            "customer_signature", "duplicate_charge_documentation",
            "duplicate_charge_explanation", "duplicate_charge_id");
        json.WriteStartObject("enhanced_evidence");
        json.WriteEndObject();
        json.Nulls(
            "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
            "refund_refusal_explanation", "service_date", "service_documentation",
            "shipping_address", "shipping_carrier", "shipping_date", "shipping_documentation",
            "shipping_tracking_number", "uncategorized_file", "uncategorized_text");
        json.WriteEndObject();
    }
}

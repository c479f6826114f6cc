using System.Text.Json;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Disputes;

internal static class DisputeJson
{
    private static readonly long DaysToRespondSeconds = (long)TimeSpan.FromDays(7).TotalSeconds;

    public static void Write(Utf8JsonWriter json, Dispute dispute)
    {
        json.WriteStartObject();
        json.Text("id", dispute.Id);
        json.Text("object", "dispute");
        json.Number("amount", dispute.Amount);
        json.Texts("balance_transactions", []);
        json.Text("charge", dispute.Charge.Id);
        json.Number("created", dispute.Created);
        json.Text("currency", dispute.Charge.Currency);
        json.Texts("enhanced_eligibility_types", []);
        WriteEvidence(json);
        json.WriteStartObject("evidence_details");
        json.Number("due_by", dispute.Created + DaysToRespondSeconds);
        json.WriteStartObject("enhanced_eligibility");
        json.WriteEndObject();
        json.WriteBoolean("has_evidence", false);
        json.WriteBoolean("past_due", false);
        json.Number("submission_count", 0);
        json.Nulls("submission_method");
        json.WriteEndObject();
        json.Nulls("intended_submission_method");
        json.WriteBoolean("is_charge_refundable", false);
        json.WriteBoolean("livemode", false);
        json.WriteStartObject("metadata");
        json.WriteEndObject();
        json.Nulls("network_reason_code");
        json.Text("payment_intent", dispute.Charge.Intent.Id);
        json.WriteStartObject("payment_method_details");
        json.WriteStartObject("card");
        json.Text("brand", dispute.Charge.PaymentMethod.Card.Brand);
        json.Text("case_type", "chargeback");
        json.Text("network_reason_code", "10.4");
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

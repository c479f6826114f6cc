using System.Text.Json;
using Artesanos.StripeSimulator.PaymentIntents;
using Artesanos.StripeSimulator.Refunds;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Charges;

internal static class ChargeJson
{
    public static readonly string[] Expandable =
        ["payment_intent", "refunds", "customer", "application", "on_behalf_of", "review"];

    public static void Write(Utf8JsonWriter json, Charge charge, Expansion expansion)
    {
        json.WriteStartObject();
        json.Text("id", charge.Id);
        json.Text("object", "charge");
        json.Number("amount", charge.Amount);
        json.Number("amount_captured", charge.AmountCaptured);
        json.Number("amount_refunded", charge.AmountRefunded);
        json.Nulls(
            "application", "application_fee", "application_fee_amount", "authorization_code");
        json.Text("balance_transaction", charge.BalanceTransactionId);
        PaymentMethod.WriteBillingDetails(json);
        json.Text("calculated_statement_descriptor",
            charge.StatementDescriptor ?? "ARTESANOS");
        json.WriteBoolean("captured", charge.Captured);
        json.Number("created", charge.Created);
        json.Text("currency", charge.Currency);
        json.Nulls("customer");
        json.Text("description", charge.Description);
        json.WriteBoolean("disputed", charge.Disputed);
        json.Nulls("failure_balance_transaction");
        json.Text("failure_code", charge.Failure?.Code);
        json.Text("failure_message", charge.Failure?.Message);
        json.WriteStartObject("fraud_details");
        json.WriteEndObject();
        json.Nulls("level3");
        json.WriteBoolean("livemode", false);
        json.Hash("metadata", charge.Metadata);
        json.Nulls("on_behalf_of");
        WriteOutcome(json, charge);
        json.WriteBoolean("paid", charge.Failure is null);
        WritePaymentIntent(json, charge, expansion);
        json.Text("payment_method", charge.PaymentMethod.Id);
        charge.PaymentMethod.WriteChargeDetails(json, charge.Amount, charge.Authenticated);
        json.Nulls("presentment_details");
        json.WriteStartObject("radar_options");
        json.WriteEndObject();
        json.Text("receipt_email", charge.ReceiptEmail);
        json.Nulls("receipt_number", "receipt_url");
        json.WriteBoolean(
            "refunded", charge.Captured && charge.AmountRefunded >= charge.AmountCaptured);
        WriteRefunds(json, charge, expansion);
        json.Nulls("review", "shipping", "source", "source_transfer");
        json.Text("statement_descriptor", charge.StatementDescriptor);
        json.Text("statement_descriptor_suffix", charge.StatementDescriptorSuffix);
        json.Text("status", charge.Status);
        json.Nulls("transfer", "transfer_data");
        json.Text("transfer_group", charge.TransferGroup);
        json.WriteEndObject();
    }

    private static void WriteOutcome(Utf8JsonWriter json, Charge charge)
    {
        var failure = charge.Failure;
        json.WriteStartObject("outcome");
        json.Text("advice_code", failure?.Advice);
        json.Nulls("network_advice_code", "network_decline_code");
        json.Text("network_status", failure is null
            ? "approved_by_network"
            : "declined_by_network");
        json.Text("reason", failure?.DeclineCode);
        json.Text("risk_level", "normal");
        json.Number("risk_score", 20);
        json.Nulls("rule");
        json.Text("seller_message", failure is null
            ? "Payment complete."
            : "The bank did not return any further details with this decline.");
        json.Text("type", failure is null ? "authorized" : "issuer_declined");
        json.WriteEndObject();
    }

    private static void WritePaymentIntent(
        Utf8JsonWriter json, Charge charge, Expansion expansion)
    {
        json.WritePropertyName("payment_intent");
        if (expansion.Has("payment_intent"))
        {
            PaymentIntentJson.Write(json, charge.Intent, Expansion.None);
        }
        else
        {
            json.WriteStringValue(charge.Intent.Id);
        }
    }

    private static void WriteRefunds(Utf8JsonWriter json, Charge charge, Expansion expansion)
    {
        json.WritePropertyName("refunds");
        if (!expansion.Has("refunds"))
        {
            json.WriteNullValue();
            return;
        }

        IReadOnlyList<Refund> newestFirst = [.. Enumerable.Reverse(charge.Refunds)];
        PageRequest.WriteList(
            json, $"/v1/charges/{charge.Id}/refunds", (newestFirst, false),
            refund => RefundJson.Write(json, refund, Expansion.None));
    }
}

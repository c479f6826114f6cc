using System.Text.Json;
using Artesanos.StripeSimulator.PaymentIntents;
using Artesanos.StripeSimulator.Refunds;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Charges;

internal static class ChargeJson
{
    private const string StatementPrefix = "ARTESANOS";

    public static void Write(Utf8JsonWriter json, Charge charge, Expansion expansion)
    {
        json.WriteStartObject();
        json.Text("id", charge.Id);
        json.Text("object", "charge");
        json.Number("amount", charge.Amount);
        json.Number("amount_captured", charge.AmountCaptured);
        json.Number("amount_refunded", charge.AmountRefunded);
        json.Nulls("application", "application_fee", "application_fee_amount");
        json.Text("balance_transaction", charge.BalanceTransactionId);
        PaymentMethod.WriteBillingDetails(json);
        json.Text("calculated_statement_descriptor",
            charge.StatementDescriptorSuffix is { } suffix
                ? $"{StatementPrefix}* {suffix}"
                : StatementPrefix);
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
        json.WriteBoolean("livemode", false);
        json.Hash("metadata", charge.Metadata);
        json.Nulls("on_behalf_of");
        ChargeOutcomeJson.Write(json, charge);
        json.WriteBoolean("paid", charge.Status == "succeeded");
        json.Reference("payment_intent", charge.Intent.Id, expansion,
            inside => PaymentIntentJson.Write(json, charge.Intent, inside));
        json.Text("payment_method", charge.PaymentMethod.Id);
        ChargeCardJson.Write(json, charge);
        json.WriteStartObject("radar_options");
        json.WriteEndObject();
        json.Text("receipt_email", charge.ReceiptEmail);
        json.Nulls("receipt_number");
        json.Text("receipt_url", charge.Status == "succeeded"
            ? $"https://pay.stripe.com/receipts/payment/{charge.Id}"
            : null);
        json.WriteBoolean("refunded", charge.Refunded);
        WriteRefunds(json, charge, expansion);
        json.Nulls("review", "shipping", "source", "source_transfer");
        json.Nulls("statement_descriptor");
        json.Text("statement_descriptor_suffix", charge.StatementDescriptorSuffix);
        json.Text("status", charge.Status);
        json.Nulls("transfer_data");
        json.Text("transfer_group", charge.TransferGroup);
        json.WriteEndObject();
    }

    private static void WriteRefunds(Utf8JsonWriter json, Charge charge, Expansion expansion)
    {
        if (!expansion.Has("refunds"))
        {
            return;
        }

        json.WritePropertyName("refunds");
        IReadOnlyList<Refund> newestFirst = [.. Enumerable.Reverse(charge.Refunds)];
        PageRequest.WriteList(
            json, $"/v1/charges/{charge.Id}/refunds", (newestFirst, false),
            refund => RefundJson.Write(
                json, refund, expansion.Inside("refunds").Inside("data")));
    }
}

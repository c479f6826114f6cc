using System.Text.Json;
using Artesanos.StripeSimulator.PaymentIntents;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Control;

/// <summary><c>GET /control/ledger[?order_id=]</c>: what each order was charged and refunded, by
/// the <c>order_id</c> in the metadata of its intents. The money invariants are checked against
/// it.</summary>
internal static class Ledger
{
    public static async Task WriteAsync(HttpContext http)
    {
        var wanted = (string?)http.Request.Query["order_id"];
        var rows = Rows(ControlExchange.Account(http), wanted);
        var body = JsonSnapshot.Of(json => Write(json, rows));
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>Copied under the lock, so that all rows are of the same moment; written outside.
    /// </summary>
    private static List<Row> Rows(StripeAccount account, string? wanted)
    {
        lock (account.Gate)
        {
            return wanted is null
                ? account.Intents.Items.Select(RowOf).ToList()
                : account.Orders.Of(wanted).Select(RowOf).ToList();
        }
    }

    private static Row RowOf(PaymentIntent intent)
    {
        var captured = intent.LatestCharge is { Captured: true } charge ? charge : null;
        return new Row(
            OrderIndex.OrderOf(intent), intent.Id, intent.Status, intent.Amount, intent.Currency,
            captured?.AmountCaptured ?? 0, captured?.AmountRefunded ?? 0,
            intent.AmountCapturable, captured?.Disputed ?? false);
    }

    private static void Write(Utf8JsonWriter json, List<Row> rows)
    {
        json.WriteStartObject();
        json.Number("intents", rows.Count);
        json.Number("charged_minor", rows.Sum(row => row.ChargedMinor));
        json.Number("refunded_minor", rows.Sum(row => row.RefundedMinor));
        json.WriteStartArray("orders");
        foreach (var order in rows.GroupBy(row => row.OrderId, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.Text("order_id", order.Key);
            json.Text("currency", order.First().Currency);
            json.Number("charged_minor", order.Sum(row => row.ChargedMinor));
            json.Number("refunded_minor", order.Sum(row => row.RefundedMinor));
            json.Number("charges", order.Count(row => row.ChargedMinor > 0));
            json.WriteStartArray("intents");
            foreach (var row in order)
            {
                json.WriteStartObject();
                json.Text("id", row.IntentId);
                json.Text("status", row.Status);
                json.Number("amount_minor", row.AmountMinor);
                json.Number("charged_minor", row.ChargedMinor);
                json.Number("refunded_minor", row.RefundedMinor);
                json.Number("authorized_minor", row.AuthorizedMinor);
                json.WriteBoolean("disputed", row.Disputed);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private readonly record struct Row(
        string OrderId, string IntentId, string Status, long AmountMinor, string Currency,
        long ChargedMinor, long RefundedMinor, long AuthorizedMinor, bool Disputed);
}

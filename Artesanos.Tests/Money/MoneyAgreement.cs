using System.Net;
using System.Text;
using Stripe;
using Xunit;

namespace Artesanos.Tests.Money;

/// <summary>The end of every scenario: order, payment row and Stripe's ledger agree.</summary>
internal static class MoneyAgreement
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    /// <summary>Waits for both ends, then holds them against the ledger.</summary>
    public static async Task AssertMoneyAsync(
        this Topology topology, Guid order, string orderStatus, string paymentStatus,
        long chargedMinor, long refundedMinor, CancellationToken ct)
    {
        await Eventually.TrueAsync(
            async () => await topology.QueryAsync<string>(
                "orders", "SELECT status FROM orders WHERE id = $1", ct, order) == orderStatus,
            Patience, $"order {order} is {orderStatus}", ct);
        await topology.WaitForPaymentAsync(order, paymentStatus, ct);
        using var stripe = new StripeDesk(topology);
        var ledger = await stripe.LedgerAsync(order, ct);
        Assert.Equal(chargedMinor, ledger.GetProperty("charged_minor").GetInt64());
        Assert.Equal(refundedMinor, ledger.GetProperty("refunded_minor").GetInt64());
        Assert.InRange(ledger.GetProperty("charges").GetInt32(), 0, 1);
        var row = await topology.QueryAsync<string>("payments",
            "SELECT amount_minor || ' ' || lower(currency) FROM payments WHERE order_id = $1",
            ct, order);
        if (chargedMinor > 0)
        {
            Assert.Equal($"{chargedMinor} {ledger.GetProperty("currency").GetString()}", row);
        }
    }

    public static Task WaitForPaymentAsync(
        this Topology topology, Guid order, string status, CancellationToken ct) =>
        Eventually.TrueAsync(
            async () => await topology.QueryAsync<string>(
                "payments", "SELECT status FROM payments WHERE order_id = $1", ct, order)
                == status,
            Patience, $"the payment of order {order} is {status}", ct);

    /// <summary>A webhook signed with this secret, as if it were sent at another time.</summary>
    public static async Task<HttpStatusCode> PostWebhookAsync(
        this Topology topology, string body, string secret, TimeSpan sentOffset,
        CancellationToken ct)
    {
        var sent = TimeProvider.System.GetUtcNow() + sentOffset;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/payments/webhook")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation(
            "Stripe-Signature",
            EventUtility.GenerateSignatureHeader(body, secret, sent.ToUnixTimeSeconds()));
        using var answer = await topology.Gateway.SendAsync(request, ct);
        return answer.StatusCode;
    }

    /// <summary>An order that waits for its shopper to pay in the browser.</summary>
    public static async Task<Guid> PlaceUnpaidAsync(
        this Shopper shopper, Guid product, CancellationToken ct)
    {
        var order = await shopper.PlaceAsync(product, 1, ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", ct);
        return order;
    }

    public static async Task CancelAsync(
        this Shopper shopper, Guid order, CancellationToken ct)
    {
        using var answer = await shopper.Http.PostAsync($"/orders/{order}/cancel", null, ct);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
    }
}

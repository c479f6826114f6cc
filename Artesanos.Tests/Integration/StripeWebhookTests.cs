using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Stripe;
using Xunit;

namespace Artesanos.Tests.Integration;

/// <summary>Payments ↔ Stripe: the shopper's browser pays, and Stripe tells us by webhook.</summary>
[Trait("Category", "Integration")]
public sealed class StripeWebhookTests(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_paid_in_the_browser_is_completed_by_the_webhook()
    {
        var product = await topology.NewProductAsync(stock: 5, priceMinor: 1200, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 2, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);
        var payment = await shopper.Http.GetFromJsonAsync<JsonElement>($"/payments/{order}", Ct);
        var secret = payment.GetProperty("clientSecret").GetString()!;

        await ConfirmAsync(secret, "pm_card_visa");
        await shopper.WaitForAsync(order, "COMPLETED", Ct);

        Assert.Equal(3, await topology.AvailableAsync(product, Ct));
        await AssertEventsAsync(order, ["payment_intent.succeeded"]);
    }

    [Fact]
    public async Task A_card_declined_in_the_browser_leaves_the_order_payable_by_another()
    {
        var product = await topology.NewProductAsync(stock: 5, priceMinor: 1200, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);
        var payment = await shopper.Http.GetFromJsonAsync<JsonElement>($"/payments/{order}", Ct);
        var secret = payment.GetProperty("clientSecret").GetString()!;

        var declined = await Assert.ThrowsAsync<StripeException>(
            () => ConfirmAsync(secret, "pm_card_chargeDeclined"));
        Assert.Equal("card_declined", declined.StripeError?.Code);
        await ConfirmAsync(secret, "pm_card_visa");
        await shopper.WaitForAsync(order, "COMPLETED", Ct);

        await AssertEventsAsync(
            order, ["payment_intent.payment_failed", "payment_intent.succeeded"]);
    }

    [Fact]
    public async Task The_client_secret_is_for_the_owner_only_and_for_no_cache()
    {
        var product = await topology.NewProductAsync(stock: 5, priceMinor: 1200, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var other = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);

        using var hers = await shopper.Http.GetAsync($"/payments/{order}", Ct);
        using var theirs = await other.Http.GetAsync($"/payments/{order}", Ct);

        Assert.True(hers.Headers.CacheControl?.NoStore);
        Assert.Equal(HttpStatusCode.NotFound, theirs.StatusCode);

        var payment = await hers.Content.ReadFromJsonAsync<JsonElement>(Ct);
        await ConfirmAsync(payment.GetProperty("clientSecret").GetString()!, "pm_card_visa");
        await shopper.WaitForAsync(order, "COMPLETED", Ct);
    }

    [Theory]
    [InlineData("")]
    [InlineData("t=1,v1=00")]
    [InlineData("nonsense")]
    [InlineData("t=99999999999999999999,v1=00")]
    public async Task A_webhook_that_Stripe_did_not_sign_is_a_400_and_leaves_nothing(
        string signature)
    {
        var id = $"evt_{Guid.CreateVersion7():N}";
        using var answer = await PostWebhookAsync(EventJson(id), signature);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(0L, await topology.QueryAsync<long>(
            "payments", "SELECT count(*) FROM stripe_events WHERE id = $1", Ct, id));
    }

    [Fact]
    public async Task A_replayed_webhook_is_taken_and_does_nothing()
    {
        var product = await topology.NewProductAsync(stock: 5, priceMinor: 1200, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);
        const string events = """
            SELECT e.id FROM stripe_events AS e JOIN payments AS p ON p.intent_id = e.intent_id
            WHERE p.order_id = $1 AND e.type = 'payment_intent.succeeded'
            """;
        var ids = new List<string>();
        await Eventually.TrueAsync(
            async () => (ids = await topology.QueryTextsAsync("payments", events, Ct, order)).Count
                == 1, TimeSpan.FromSeconds(20), "the webhook arrives", Ct);
        using var stripe = new HttpClient { BaseAddress = topology.Stripe };

        using var resent = await stripe.PostAsync($"/control/events/{ids[0]}/resend", null, Ct);
        await Eventually.TrueAsync(
            async () => (await stripe.GetFromJsonAsync<JsonElement>("/control/webhooks", Ct))
                .GetProperty("pending").GetInt32() == 0,
            TimeSpan.FromSeconds(20), "the replay is delivered", Ct);

        Assert.True(resent.IsSuccessStatusCode);
        Assert.Equal(ids, await topology.QueryTextsAsync("payments", events, Ct, order));
        Assert.Equal(4, await topology.AvailableAsync(product, Ct));
    }

    [Fact]
    public async Task A_webhook_signed_with_another_secret_is_a_400_and_leaves_nothing()
    {
        var id = $"evt_{Guid.CreateVersion7():N}";
        var body = EventJson(id);
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var mac = HMACSHA256.HashData(
            "whsec_of_somebody_else"u8, Encoding.UTF8.GetBytes($"{time}.{body}"));
        var signature = string.Create(CultureInfo.InvariantCulture,
            $"t={time},v1={Convert.ToHexStringLower(mac)}");

        using var answer = await PostWebhookAsync(body, signature);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(0L, await topology.QueryAsync<long>(
            "payments", "SELECT count(*) FROM stripe_events WHERE id = $1", Ct, id));
    }

    /// <summary>What Stripe's script does in the browser: a publishable key and the secret.</summary>
    private async Task ConfirmAsync(string clientSecret, string card)
    {
        var browser = new StripeClient(new StripeClientOptions
        {
            ApiKey = "pk_test_browser",
            ApiBase = topology.Stripe.ToString().TrimEnd('/'),
        });
        var options = new PaymentIntentConfirmOptions
        {
            ClientSecret = clientSecret,
            PaymentMethod = card,
            ReturnUrl = "https://shop.example/back",
        };
        await browser.V1.PaymentIntents.ConfirmAsync(
            clientSecret[..clientSecret.IndexOf("_secret", StringComparison.Ordinal)],
            options, cancellationToken: Ct);
    }

    /// <summary>Webhooks come in any order, and an event that changes nothing even after the end
    /// of its order.</summary>
    private async Task AssertEventsAsync(Guid order, string[] types)
    {
        List<string> stored = [];
        await Eventually.TrueAsync(
            async () => (stored = await topology.QueryTextsAsync("payments",
                """
                SELECT e.type FROM stripe_events AS e
                JOIN payments AS p ON p.intent_id = e.intent_id
                WHERE p.order_id = $1 ORDER BY e.type
                """, Ct, order)).Count >= types.Length,
            TimeSpan.FromSeconds(20), "the events are stored", Ct);
        Assert.Equal(types, stored);
    }

    private async Task<HttpResponseMessage> PostWebhookAsync(string body, string signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/payments/webhook")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
        return await topology.Gateway.SendAsync(request, Ct);
    }

    /// <summary>An event without any fault but its signature.</summary>
    private static string EventJson(string id) => JsonSerializer.Serialize(new
    {
        id,
        @object = "event",
        type = "payment_intent.succeeded",
        api_version = "2026-10-28.endive",
        data = new { @object = new { id = "pi_1", @object = "payment_intent" } },
    });
}

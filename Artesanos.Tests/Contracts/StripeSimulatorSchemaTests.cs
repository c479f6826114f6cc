using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Artesanos.Tests.Contracts;

/// <summary>Every object that the simulator sends, in every state, is what Stripe publishes:
/// alone, in a list, expanded, in an event and in an error.</summary>
public sealed class StripeSimulatorSchemaTests : IAsyncLifetime
{
    private const string Key = "key=sk_test_contract";
    private const string Order =
        "amount=2599&currency=eur&confirm=true&return_url=https://shop.example/back&"
        + "metadata[order_id]=o";
    private const string AllOfAnIntent =
        "&expand[]=latest_charge.refunds&expand[]=payment_method";

    private static readonly StripeSchema Schema = StripeSchema.Read();

    private StripeSimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await StripeSimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("pm_card_visa", "succeeded")]
    [InlineData("pm_card_visa&capture_method=manual", "requires_capture")]
    [InlineData("pm_card_threeDSecure2Required", "requires_action")]
    [InlineData("pm_simulator_processing", "processing")]
    public async Task An_intent_fits(string method, string status)
    {
        var intent = await PostAsync(
            "payment_intents", $"{Order}&payment_method={method}{AllOfAnIntent}");

        AssertFits("payment_intent", intent);
        Assert.Equal(status, (string?)intent["status"]);
        await AssertListsFitAsync();
    }

    [Theory]
    [InlineData("amount=2599&currency=eur", "requires_payment_method")]
    [InlineData("amount=2599&currency=eur&payment_method=pm_card_visa", "requires_confirmation")]
    [InlineData(
        "amount=2599&currency=eur&allowed_payment_method_types[]=card&description=d&"
        + "receipt_email=a@b.example&setup_future_usage=off_session&transfer_group=g&"
        + "statement_descriptor_suffix=CLAY", "requires_payment_method")]
    public async Task An_intent_that_is_not_confirmed_fits_and_so_it_does_when_canceled(
        string form, string status)
    {
        var intent = await PostAsync("payment_intents", form);
        AssertFits("payment_intent", intent);
        Assert.Equal(status, (string?)intent["status"]);

        var canceled = await PostAsync(
            $"payment_intents/{intent["id"]}/cancel", "cancellation_reason=abandoned");
        AssertFits("payment_intent", canceled);
        await AssertListsFitAsync();
    }

    [Theory]
    [InlineData("pm_card_chargeDeclined")]
    [InlineData("pm_card_chargeDeclinedInsufficientFunds")]
    [InlineData("pm_card_radarBlock")]
    public async Task A_decline_fits_as_error_as_intent_as_charge_and_as_events(string method)
    {
        var declined = await PostAsync(
            "payment_intents", $"{Order}&payment_method={method}",
            HttpStatusCode.PaymentRequired);

        AssertFits("error", declined);
        Assert.NotNull(declined["error"]!["payment_intent"]!["last_payment_error"]);
        await AssertListsFitAsync();
    }

    [Fact]
    public async Task An_authentication_fits_when_it_succeeds_and_when_it_fails()
    {
        foreach (var outcome in new[] { "succeeded", "failed" })
        {
            var id = (string)(await PostAsync(
                "payment_intents",
                Order + "&payment_method=pm_card_threeDSecure2Required"))["id"]!;
            await _host.ControlAsync(
                $"/payment_intents/{id}/authentication", new { outcome }, Cancellation);

            AssertFits("payment_intent", await GetAsync(
                $"payment_intents/{id}?{Key}{AllOfAnIntent}"));
        }

        await AssertListsFitAsync();
    }

    [Fact]
    public async Task A_capture_and_a_released_authorization_fit()
    {
        foreach (var step in new[] { "capture", "cancel" })
        {
            var id = (string)(await PostAsync(
                "payment_intents",
                Order + "&payment_method=pm_card_visa&capture_method=manual"))["id"]!;

            AssertFits("payment_intent", await PostAsync(
                $"payment_intents/{id}/{step}", AllOfAnIntent));
        }

        await AssertListsFitAsync();
    }

    [Theory]
    [InlineData("pm_card_visa")]
    [InlineData("pm_card_pendingRefund")]
    [InlineData("pm_card_refundFail")]
    public async Task A_refund_fits_at_once_and_when_it_is_settled(string method)
    {
        var intent = await PostAsync("payment_intents", $"{Order}&payment_method={method}");

        var refund = await PostAsync(
            "refunds",
            $"payment_intent={intent["id"]}&amount=599&reason=duplicate&expand[]=charge.refunds"
            + "&expand[]=payment_intent.latest_charge&expand[]=payment_method");
        AssertFits("refund", refund);
        await PostAsync($"refunds/{refund["id"]}", "metadata[why]=broken");
        await _host.ControlAsync($"/refunds/{refund["id"]}/settle", new { }, Cancellation);

        await AssertListsFitAsync();
    }

    [Fact]
    public async Task A_dispute_fits_open_and_closed()
    {
        var intent = await PostAsync("payment_intents", Order + "&payment_method=pm_card_visa");
        var dispute = await _host.ControlAsync(
            $"/payment_intents/{intent["id"]}/dispute", new { }, Cancellation);
        AssertFits("dispute", await GetAsync(
            $"disputes/{dispute["id"]}?{Key}&expand[]=charge&expand[]=payment_intent"));

        await _host.ControlAsync(
            $"/disputes/{dispute["id"]}/close", new { outcome = "won" }, Cancellation);

        await AssertListsFitAsync();
    }

    [Fact]
    public async Task A_webhook_endpoint_fits_and_shows_its_secret_once()
    {
        var made = await PostAsync(
            "webhook_endpoints", "url=https://shop.example/hook&enabled_events[]=*");
        AssertFits("webhook_endpoint", made);
        Assert.NotNull(made["secret"]);
        await AssertListsFitAsync();

        using var response = await _host.Http.DeleteAsync(
            $"/v1/webhook_endpoints/{made["id"]}?{Key}", Cancellation);
        AssertFits("deleted", JsonNode.Parse(
            await response.Content.ReadAsStringAsync(Cancellation)));
    }

    [Fact]
    public async Task A_changed_object_tells_what_it_was()
    {
        var intent = await PostAsync("payment_intents", Order + "&payment_method=pm_card_visa");
        await PostAsync("refunds", $"payment_intent={intent["id"]}&amount=599");
        await PostAsync("refunds", $"payment_intent={intent["id"]}");

        var events = (await GetAsync($"events?{Key}&type=charge.refunded"))["data"]!.AsArray();

        Assert.Equal(
            ["{\"amount_refunded\":599,\"refunded\":false}", "{\"amount_refunded\":0}"],
            events.Select(e => e!["data"]!["previous_attributes"]!.ToJsonString()));
    }

    /// <summary>The lists of everything that has happened, and the webhooks of it.</summary>
    private async Task AssertListsFitAsync()
    {
        foreach (var kind in new[]
        {
            "charge", "dispute", "event", "payment_intent", "refund", "webhook_endpoint"
        })
        {
            AssertFits($"list {kind}", await GetAsync($"{kind}s?{Key}&limit=100"));
        }

        foreach (var webhook in await _host.WebhooksAsync(Cancellation))
        {
            AssertFits("event", JsonNode.Parse(webhook.Body));
        }
    }

    private static void AssertFits(string schema, JsonNode? json) =>
        Assert.Empty(Schema.Faults(schema, json));

    private Task<JsonNode> GetAsync(string path) => _host.GetAsync("/v1/" + path, Cancellation);

    private async Task<JsonNode> PostAsync(
        string path, string form, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var body = new StringContent(
            $"{form}&{Key}", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await _host.Http.PostAsync("/v1/" + path, body, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == expected, text);
        return JsonNode.Parse(text)!;
    }
}

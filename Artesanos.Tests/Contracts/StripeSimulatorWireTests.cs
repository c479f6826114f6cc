using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Artesanos.StripeSimulator;
using Stripe;
using Xunit;

namespace Artesanos.Tests.Contracts;

/// <summary>What goes over the wire: keys, forms and errors.</summary>
public sealed class StripeSimulatorWireTests : IAsyncLifetime
{
    private StripeSimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await StripeSimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("sk_live_abcdefghij")]
    [InlineData("pk_live_abcdefghij")]
    [InlineData("nonsense")]
    public async Task Only_test_keys_pass_and_no_key_is_echoed(string key)
    {
        var refused = await Assert.ThrowsAsync<StripeException>(
            () => _host.ClientWith(key).V1.PaymentIntents.ListAsync(
                cancellationToken: Cancellation));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.HttpStatusCode);
        Assert.Equal("invalid_request_error", refused.StripeError.Type);
        Assert.DoesNotContain(key, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Basic_authentication_and_indexed_lists_are_understood()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/payment_intents");
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("rk_test_contract:")));
        request.Headers.Add("Stripe-Version", "2025-01-27.acacia");
        request.Content = new StringContent(
            "amount=2599&currency=EUR&allowed_payment_method_types[0]=card"
            + "&expand[]=latest_charge&metadata[order_id]=a%26b+c",
            Encoding.ASCII, "application/x-www-form-urlencoded");

        using var response = await _host.Http.SendAsync(request, Cancellation);
        var intent = (await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("2025-01-27.acacia", response.Headers.GetValues("Stripe-Version").Single());
        Assert.Equal("a&b c", (string)intent["metadata"]!["order_id"]!);
        Assert.Equal("card", (string)intent["allowed_payment_method_types"]![0]!);
        Assert.Null(intent["automatic_payment_methods"]);
        Assert.Equal("eur", (string)intent["currency"]!);
    }

    [Theory]
    [InlineData("currency=eur", "parameter_missing", "amount")]
    [InlineData("amount=2599", "parameter_missing", "currency")]
    [InlineData("amount=x&currency=eur", "parameter_invalid_integer", "amount")]
    [InlineData("amount=10&currency=eur", "amount_too_small", "amount")]
    [InlineData("amount=100000000&currency=eur", "amount_too_large", "amount")]
    [InlineData("amount=2599&currency=xxx", null, "currency")]
    [InlineData(
        "amount=2599&currency=eur&payment_method_types[]=card", "parameter_unknown",
        "payment_method_types")]
    [InlineData(
        "amount=2599&currency=eur&payment_method=pm_none", "resource_missing", "payment_method")]
    [InlineData("amount=2599&currency=eur&expand[]=nothing", null, null)]
    public async Task A_wrong_parameter_is_named(string body, string? code, string? param)
    {
        using var response = await _host.Http.PostAsync(
            "/v1/payment_intents?",
            new StringContent(
                body + "&key=sk_test_contract", Encoding.ASCII,
                "application/x-www-form-urlencoded"),
            Cancellation);
        var error = (await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["error"]!;

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_request_error", (string)error["type"]!);
        Assert.Equal(code, (string?)error["code"]);
        Assert.Equal(param, (string?)error["param"]);
    }

    [Fact]
    public async Task An_unknown_object_is_404_resource_missing()
    {
        var missing = await Assert.ThrowsAsync<StripeException>(
            () => _host.Client.V1.PaymentIntents.GetAsync(
                "pi_none", cancellationToken: Cancellation));

        Assert.Equal(HttpStatusCode.NotFound, missing.HttpStatusCode);
        Assert.Equal("resource_missing", missing.StripeError.Code);
        Assert.Contains("No such payment_intent: 'pi_none'", missing.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_confirms_with_the_client_secret_and_sees_nothing_of_the_merchant()
    {
        var intent = await _host.Client.V1.PaymentIntents.CreateAsync(
            new() { Amount = 2599, Currency = "eur", Metadata = new() { ["order_id"] = "o" } },
            cancellationToken: Cancellation);
        var browser = _host.ClientWith("pk_test_contract").V1;

        var confirmed = await browser.PaymentIntents.ConfirmAsync(
            intent.Id,
            new()
            {
                ClientSecret = intent.ClientSecret,
                PaymentMethod = "pm_card_visa",
                ReturnUrl = "https://shop.example/back"
            },
            cancellationToken: Cancellation);

        Assert.Equal("succeeded", confirmed.Status);
        Assert.DoesNotContain(
            "metadata", confirmed.StripeResponse.Content, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StripeException>(() => browser.PaymentIntents.GetAsync(
            intent.Id, new() { ClientSecret = "wrong" }, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<StripeException>(() => browser.PaymentIntents.ListAsync(
            cancellationToken: Cancellation));
    }

    [Fact]
    public void It_does_not_start_in_Production() => Assert.Throws<NotForProductionException>(
        () => SimulatorApp.Build(["--environment", "Production"]));
}

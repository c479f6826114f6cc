using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Artesanos.Tests.Contracts;

/// <summary>What is refused, in which words, with which status and headers: as Stripe does it,
/// as far as its documentation and answers that were published tell.</summary>
public sealed class StripeSimulatorErrorTests : IAsyncLifetime
{
    private const string Paid =
        "amount=2599&currency=eur&confirm=true&payment_method=pm_card_visa&"
        + "return_url=https://shop.example/back";

    private static readonly StripeSchema Schema = StripeSchema.Read();

    private StripeSimulatorHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await StripeSimulatorHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("amount=9&currency=eur", "amount_too_small", "amount",
        "Amount must be at least €0.50 eur")]
    [InlineData("amount=9&currency=jpy", "amount_too_small", "amount",
        "Amount must be at least ¥50 jpy")]
    [InlineData("amount=100000000&currency=usd", "amount_too_large", "amount",
        "Amount must be no more than $999,999.99")]
    [InlineData("amount=0&currency=eur", "parameter_invalid_integer", "amount",
        "This value must be greater than or equal to 1.")]
    [InlineData("amount=9.5&currency=eur", "parameter_invalid_integer", "amount",
        "Invalid integer: 9.5")]
    [InlineData("amount=&currency=eur", "parameter_invalid_empty", "amount",
        "You passed an empty string for 'amount'. We assume empty values are an attempt to unset "
        + "a parameter; however 'amount' cannot be unset. You should remove 'amount' from your "
        + "request or supply a non-empty value.")]
    [InlineData("currency=eur", "parameter_missing", "amount",
        "Missing required param: amount.")]
    [InlineData("amount=2599&currency=eur&a=1&b=2", "parameter_unknown", "a",
        "Received unknown parameters: a, b")]
    [InlineData("amount=2599&currency=eur&capture_method=x", null, "capture_method",
        "Invalid capture_method: must be one of automatic, automatic_async, or manual")]
    [InlineData("amount=2599&currency=eur&confirm=maybe", null, "confirm",
        "Invalid boolean: maybe")]
    [InlineData("amount=2599&currency=eur&expand=latest_charge", null, "expand",
        "Invalid array")]
    [InlineData("amount=2599&currency=eur&expand[]=metadata", null, null,
        "This property cannot be expanded (metadata).")]
    [InlineData("amount=2599&currency=eur&expand[]=a.b.c.d.e", null, null,
        "You cannot expand more than 4 levels of a property.")]
    [InlineData("amount=2599&currency=eur&shipping[name]=x", null, "shipping",
        "The simulator does not model this parameter of Stripe's: shipping")]
    [InlineData("amount=2599&currency=eur&payment_method=pm_no", "resource_missing",
        "payment_method", "No such PaymentMethod: 'pm_no'")]
    public async Task A_payment_is_refused_in_Stripes_words(
        string form, string? code, string? param, string message)
    {
        var (response, error) = await PostAsync("payment_intents", form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        AssertIs(error, "invalid_request_error", code, param, message);
        Assert.StartsWith(
            "https://dashboard.stripe.com/test/logs/req_", (string)error["request_log_url"]!,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cancel", "", null,
        "You cannot cancel this PaymentIntent because it has a status of succeeded. Only a "
        + "PaymentIntent with one of the following statuses may be canceled: "
        + "requires_payment_method, requires_capture, requires_confirmation, requires_action, "
        + "processing.")]
    [InlineData("confirm", "", null,
        "You cannot confirm this PaymentIntent because it has already succeeded after being "
        + "previously confirmed.")]
    [InlineData("capture", "", null,
        "This PaymentIntent could not be captured because it has already been captured.")]
    [InlineData("", "amount=3000", "amount",
        "This PaymentIntent's amount could not be updated because it has a status of succeeded. "
        + "You may only update the amount of a PaymentIntent with one of the following statuses: "
        + "requires_payment_method, requires_confirmation, requires_action.")]
    public async Task A_paid_intent_is_not_changed_any_more(
        string step, string form, string? param, string message)
    {
        var (_, paid) = await PostAsync("payment_intents", Paid);

        var (response, error) = await PostAsync(
            $"payment_intents/{paid["id"]}/{step}".TrimEnd('/'), form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        AssertIs(
            error, "invalid_request_error", "payment_intent_unexpected_state", param, message);
        Assert.Equal("succeeded", (string?)error["payment_intent"]!["status"]);
    }

    [Fact]
    public async Task A_refund_is_refused_in_Stripes_words()
    {
        var (_, paid) = await PostAsync("payment_intents", Paid);
        var charge = (string)paid["latest_charge"]!;

        AssertIs(
            await RefuseAsync(charge, 3000), "invalid_request_error", null, "amount",
            "Refund amount (€30.00) is greater than charge amount (€25.99)");
        await PostAsync("refunds", $"charge={charge}&amount=2000");
        AssertIs(
            await RefuseAsync(charge, 1000), "invalid_request_error", null, "amount",
            "Refund amount (€10.00) is greater than unrefunded amount on charge (€5.99)");
        await PostAsync("refunds", $"charge={charge}");
        AssertIs(
            await RefuseAsync(charge, 1), "invalid_request_error", "charge_already_refunded", null,
            $"Charge {charge} has already been refunded.");
    }

    [Theory]
    [InlineData("payment_intents/pi_no", 404, "resource_missing", "intent",
        "No such payment_intent: 'pi_no'")]
    [InlineData("events/evt_no", 404, "resource_missing", "id", "No such event: 'evt_no'")]
    [InlineData("events?starting_after=evt_no", 400, "resource_missing", "starting_after",
        "No such event: 'evt_no'")]
    [InlineData("refunds?limit=101", 400, "parameter_invalid_integer", "limit",
        "This value must be less than or equal to 100.")]
    [InlineData("refunds?starting_after=a&ending_before=b", 400, "parameters_exclusive", null,
        "You may only specify one of these parameters: ending_before, starting_after.")]
    [InlineData("refunds?expand[]=charge", 400, null, null,
        "This property cannot be expanded (charge). You may want to try expanding 'data.charge' "
        + "instead.")]
    [InlineData("webhook_endpoints?expand[]=data.url", 400, null, null,
        "This property cannot be expanded (data.url).")]
    [InlineData("refunds?created[before]=1", 400, "parameter_unknown", "created[before]",
        "Received unknown parameter: created[before]")]
    [InlineData("customers", 404, null, null,
        "Unrecognized request URL (GET: /v1/customers). Please see https://stripe.com/docs or we "
        + "can help at https://support.stripe.com/.")]
    [InlineData("payment_intents/", 404, null, null,
        "Unrecognized request URL (GET: /v1/payment_intents/). If you are trying to list objects, "
        + "remove the trailing slash. If you are trying to retrieve an object, make sure you "
        + "passed a valid (non-empty) identifier in your code. Please see https://stripe.com/docs "
        + "or we can help at https://support.stripe.com/.")]
    public async Task What_is_not_there_is_told_in_Stripes_words(
        string path, int status, string? code, string? param, string message)
    {
        using var response = await _host.Http.GetAsync(
            $"/v1/{path}{(path.Contains('?') ? '&' : '?')}key=sk_test_contract", Cancellation);

        Assert.Equal(status, (int)response.StatusCode);
        AssertIs(await ErrorOf(response), "invalid_request_error", code, param, message);
        Assert.True(response.Headers.Contains("Request-Id"));
        Assert.True(response.Headers.Contains("Stripe-Version"));
    }

    [Theory]
    [InlineData("sk_test_contract", "2026-13-01", 400, null,
        "Invalid Stripe API version: 2026-13-01")]
    [InlineData("sk_nonsense_abcdefghijklmnop", null, 401, null,
        "Invalid API Key provided: sk_nonse****************mnop")]
    [InlineData("pk_test_contract", null, 403, "secret_key_required",
        "This API call cannot be made with a publishable API key. Please use a secret API key. "
        + "You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.")]
    public async Task A_key_or_version_that_will_not_do_is_told_so(
        string key, string? version, int status, string? code, string message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/refunds?key={key}");
        request.Headers.Add("Stripe-Version", version ?? "2026-10-28.endive");

        using var response = await _host.Http.SendAsync(request, Cancellation);

        Assert.Equal(status, (int)response.StatusCode);
        AssertIs(await ErrorOf(response), "invalid_request_error", code, null, message);
    }

    [Fact]
    public async Task A_kept_refusal_says_that_its_repetition_is_useless()
    {
        const string Declined =
            "amount=2599&currency=eur&confirm=true&payment_method=pm_card_chargeDeclined&"
            + "return_url=https://shop.example/back";

        var (first, error) = await PostAsync("payment_intents", Declined, "k-1");
        var (again, _) = await PostAsync("payment_intents", Declined, "k-1");

        Assert.Equal(HttpStatusCode.PaymentRequired, first.StatusCode);
        AssertIs(error, "card_error", "card_declined", null, "Your card was declined.");
        Assert.Equal("false", Header(first, "Stripe-Should-Retry"));
        Assert.Equal(Header(first, "Request-Id"), Header(first, "Original-Request"));
        Assert.Equal("true", Header(again, "Idempotent-Replayed"));
        Assert.Equal(Header(first, "Request-Id"), Header(again, "Original-Request"));
        Assert.NotEqual(Header(first, "Request-Id"), Header(again, "Request-Id"));
    }

    [Theory]
    [InlineData("payment_intent.failed")]
    [InlineData("nonsense")]
    public async Task An_endpoint_is_not_registered_for_an_event_that_does_not_exist(string type)
    {
        var (response, error) = await PostAsync(
            "webhook_endpoints", $"url=https://shop.example/hook&enabled_events[]={type}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("enabled_events[0]", (string?)error["param"]);
    }

    [Fact]
    public void An_object_that_does_not_fit_the_schema_is_noticed()
    {
        var refund = new JsonObject { ["id"] = null, ["made_up"] = 1, ["reason"] = "made up" };

        var faults = Schema.Faults("refund", refund);

        Assert.Contains("refund.id is null, not string", faults);
        Assert.Contains("refund.amount is missing", faults);
        Assert.Contains("refund.made_up is not a field of Stripe's", faults);
        Assert.Contains(faults, fault => fault.StartsWith(
            "refund.reason is \"made up\"", StringComparison.Ordinal));
    }

    private async Task<JsonNode> RefuseAsync(string charge, long amount)
    {
        var (response, error) = await PostAsync("refunds", $"charge={charge}&amount={amount}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        return error;
    }

    private static void AssertIs(
        JsonNode error, string type, string? code, string? param, string message)
    {
        Assert.Equal(message, (string?)error["message"]);
        Assert.Equal(type, (string?)error["type"]);
        Assert.Equal(code, (string?)error["code"]);
        Assert.Equal(param, (string?)error["param"]);
        Assert.Equal(
            code is null ? null : $"https://stripe.com/docs/error-codes/{code.Replace('_', '-')}",
            (string?)error["doc_url"]);
        Assert.Empty(Schema.Faults("error", new JsonObject { ["error"] = error.DeepClone() }));
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.GetValues(name).Single();

    /// <summary>The error, or the object where it is none.</summary>
    private static async Task<JsonNode> ErrorOf(HttpResponseMessage response)
    {
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        return json["error"] ?? json;
    }

    private async Task<(HttpResponseMessage Response, JsonNode Error)> PostAsync(
        string path, string form, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/" + path);
        request.Content = new StringContent(
            form + "&key=sk_test_contract", Encoding.UTF8, "application/x-www-form-urlencoded");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        var response = await _host.Http.SendAsync(request, Cancellation);
        return (response, await ErrorOf(response));
    }
}

using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Stripe;
using Xunit;

namespace Artesanos.Tests;

/// <summary>What shoppers' browsers, banks and Stripe's dashboard do, at the simulator.</summary>
internal sealed class StripeDesk : IDisposable
{
    private static readonly JsonSerializerOptions ControlJson = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly HttpClient _stripe;

    public StripeDesk(Topology topology)
    {
        _stripe = new HttpClient { BaseAddress = topology.Stripe };
        _stripe.DefaultRequestHeaders.Authorization = new("Bearer", "sk_test_browser");
    }

    public void Dispose() => _stripe.Dispose();

    /// <summary>The shopper pays with this card.</summary>
    public Task PayAsync(Guid order, CancellationToken ct, string card = "pm_card_visa") =>
        PostAsync(order, "confirm", new()
        {
            ["payment_method"] = card,
            ["return_url"] = "https://shop.example/back",
        }, ct);

    /// <summary>Somebody cancels the intent in Stripe's dashboard.</summary>
    public Task CancelAsync(Guid order, CancellationToken ct) =>
        PostAsync(order, "cancel", [], ct);

    /// <summary>An intent of some other shop on the same account.</summary>
    public async Task<string> CreateIntentAsync(CancellationToken ct)
    {
        using var content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["amount"] = "500",
            ["currency"] = "eur",
        });
        using var answer = await _stripe.PostAsync("/v1/payment_intents", content, ct);
        var intent = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        return intent.GetProperty("id").GetString()!;
    }

    public async Task CancelIntentAsync(string intent, CancellationToken ct)
    {
        using var answer = await _stripe.PostAsync(
            $"/v1/payment_intents/{intent}/cancel", content: null, ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(ct));
    }

    /// <summary>Some secret key's holder changes the amount of the open intent.</summary>
    public Task ChangeAmountAsync(Guid order, long amountMinor, CancellationToken ct) =>
        PostAsync(order, "", new()
        {
            ["amount"] = amountMinor.ToString(CultureInfo.InvariantCulture),
        }, ct);

    /// <summary>The shopper finishes (or fails) 3-D Secure on the bank's page.</summary>
    public async Task AuthenticateAsync(Guid order, string outcome, CancellationToken ct) =>
        await ControlAsync(
            $"payment_intents/{await IntentIdAsync(order, ct)}/authentication",
            new { outcome }, ct);

    /// <summary>The cardholder complains to the bank.</summary>
    public async Task<string> DisputeAsync(Guid order, string reason, CancellationToken ct) =>
        (await ControlAsync(
            $"payment_intents/{await IntentIdAsync(order, ct)}/dispute", new { reason }, ct))
            .GetProperty("id").GetString()!;

    public Task CloseDisputeAsync(string dispute, string outcome, CancellationToken ct) =>
        ControlAsync($"disputes/{dispute}/close", new { outcome }, ct);

    /// <summary>Somebody refunds the whole charge in Stripe's dashboard.</summary>
    public async Task RefundAsync(Guid order, CancellationToken ct)
    {
        using var content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["payment_intent"] = await IntentIdAsync(order, ct),
        });
        using var answer = await _stripe.PostAsync("/v1/refunds", content, ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(ct));
    }

    /// <summary>The bank says what became of a refund, perhaps days later.</summary>
    public Task SettleRefundAsync(string refund, string outcome, CancellationToken ct) =>
        ControlAsync($"refunds/{refund}/settle", new { outcome }, ct);

    /// <summary>Every refund of the order's charge, the newest first: its id and status.</summary>
    public async Task<List<(string Id, string Status)>> RefundsAsync(
        Guid order, CancellationToken ct)
    {
        var refunds = await _stripe.GetFromJsonAsync<JsonElement>(
            $"/v1/refunds?payment_intent={await IntentIdAsync(order, ct)}", ct);
        return [.. refunds.GetProperty("data").EnumerateArray().Select(refund => (
            refund.GetProperty("id").GetString()!, refund.GetProperty("status").GetString()!))];
    }

    /// <summary>The events of the order's intent, the newest first, as Stripe keeps them.</summary>
    public async Task<List<JsonElement>> EventsAsync(
        Guid order, string type, CancellationToken ct)
    {
        var id = await IntentIdAsync(order, ct);
        var intent = await _stripe.GetFromJsonAsync<JsonElement>($"/v1/payment_intents/{id}", ct);
        var query = $"/v1/events?limit=100&type={type}"
            + $"&created[gte]={intent.GetProperty("created").GetInt64()}";
        List<JsonElement> found = [];
        for (var more = query; ;)
        {
            var page = await _stripe.GetFromJsonAsync<JsonElement>(more, ct);
            found.AddRange(page.GetProperty("data").EnumerateArray().Where(Concerns));
            if (!page.GetProperty("has_more").GetBoolean())
            {
                return found;
            }

            var last = page.GetProperty("data").EnumerateArray().Last();
            more = $"{query}&starting_after={last.GetProperty("id").GetString()}";
        }

        bool Concerns(JsonElement happened)
        {
            var subject = happened.GetProperty("data").GetProperty("object");
            return (subject.GetProperty("object").GetString() == "payment_intent"
                ? subject.GetProperty("id") : subject.GetProperty("payment_intent"))
                .GetString() == id;
        }
    }

    /// <summary>Stripe delivers an event once more.</summary>
    public Task ResendAsync(string eventId, CancellationToken ct) =>
        ControlAsync($"events/{eventId}/resend", new { }, ct);

    /// <summary>No webhook of these types about the order is on its way any more.</summary>
    public Task QuietAsync(
        Guid order, CancellationToken ct, string types = "payment_intent.*") =>
        Eventually.TrueAsync(async () => (await EventsAsync(order, types, ct))
            .TrueForAll(happened => happened.GetProperty("pending_webhooks").GetInt32() == 0),
        TimeSpan.FromSeconds(20), "no webhook of the order is on its way", ct);

    /// <summary>A new signing secret; for a day the old one signs too.</summary>
    public async Task RollWebhookSecretAsync(CancellationToken ct)
    {
        var endpoints = await _stripe.GetFromJsonAsync<JsonElement>("/v1/webhook_endpoints", ct);
        var endpoint = Assert.Single(endpoints.GetProperty("data").EnumerateArray());
        await ControlAsync(
            $"webhook_endpoints/{endpoint.GetProperty("id").GetString()}/roll_secret", new { }, ct);
    }

    /// <summary>The body of a webhook.</summary>
    public static string EventJson(
        string id, string type, object subject, long created = 1_760_000_000) =>
        JsonSerializer.Serialize(new
        {
            id,
            @object = "event",
            type,
            created,
            api_version = StripeConfiguration.ApiVersion,
            data = new { @object = subject },
        });

    /// <summary>The order's next event of this type is never sent.</summary>
    public Task DropNextWebhookAsync(Guid order, string type, CancellationToken ct) =>
        FaultAsync("webhook_drop", type, ct, order: order);

    /// <summary>
    /// A fault that ends with what is returned. Without an order it strikes whoever comes next,
    /// so tests with such faults run alone.
    /// </summary>
    public async Task<StripeFault> FaultAsync(
        string kind, string target, CancellationToken ct, int? next = 1, double? rate = null,
        int? delayMs = null, Guid? order = null)
    {
        var paymentIntent = order is { } id ? await IntentIdAsync(id, ct) : null;
        var state = await ControlAsync(
            "faults", new { kind, target, next, rate, delayMs, paymentIntent }, ct);
        return new StripeFault(_stripe, state.GetProperty("id").GetInt32());
    }

    /// <summary>What an order was charged and refunded, and its intents.</summary>
    public async Task<JsonElement> LedgerAsync(Guid order, CancellationToken ct)
    {
        var ledger = await _stripe.GetFromJsonAsync<JsonElement>(
            $"/control/ledger?order_id={order}", ct);
        return Assert.Single(ledger.GetProperty("orders").EnumerateArray());
    }

    public async Task AssertNothingKeptAsync(Guid order, long refundedMinor, CancellationToken ct)
    {
        var ledger = await LedgerAsync(order, ct);
        Assert.Equal(refundedMinor, ledger.GetProperty("charged_minor").GetInt64());
        Assert.Equal(refundedMinor, ledger.GetProperty("refunded_minor").GetInt64());
        var intent = Assert.Single(ledger.GetProperty("intents").EnumerateArray());
        Assert.Equal(refundedMinor == 0 ? "canceled" : "succeeded",
            intent.GetProperty("status").GetString());
    }

    public async Task<string> IntentIdAsync(Guid order, CancellationToken ct) => Assert.Single(
        (await LedgerAsync(order, ct)).GetProperty("intents").EnumerateArray())
        .GetProperty("id").GetString()!;

    private async Task PostAsync(
        Guid order, string operation, Dictionary<string, string> form, CancellationToken ct)
    {
        var intent = await IntentIdAsync(order, ct);
        using var content = new FormUrlEncodedContent(form);
        using var answer = await _stripe.PostAsync(
            $"/v1/payment_intents/{intent}/{operation}".TrimEnd('/'), content, ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(ct));
    }

    private async Task<JsonElement> ControlAsync(string path, object body, CancellationToken ct)
    {
        using var answer = await _stripe.PostAsJsonAsync(
            "/control/" + path, body, ControlJson, ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(ct));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
    }
}

/// <summary>A fault in force at the simulator.</summary>
internal sealed class StripeFault(HttpClient stripe, int id) : IAsyncDisposable
{
    /// <summary>Fails the test whose fault has struck nobody: it would prove nothing.</summary>
    public async Task AssertStruckAsync(CancellationToken ct)
    {
        var faults = await stripe.GetFromJsonAsync<JsonElement>("/control/faults", ct);
        var fault = faults.EnumerateArray()
            .Single(fault => fault.GetProperty("id").GetInt32() == id);
        Assert.NotEqual(0, fault.GetProperty("strikes").GetInt32());
    }

    public async ValueTask DisposeAsync() =>
        (await stripe.DeleteAsync($"/control/faults/{id}")).Dispose();
}

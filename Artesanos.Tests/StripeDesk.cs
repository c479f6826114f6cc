using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests;

/// <summary>What shoppers' browsers, banks and Stripe's dashboard do, at the simulator.</summary>
internal sealed class StripeDesk : IDisposable
{
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

    /// <summary>The next event of this type is never sent.</summary>
    public async Task DropNextWebhookAsync(string type, CancellationToken ct)
    {
        using var answer = await _stripe.PostAsJsonAsync(
            "/control/faults", new { kind = "webhook_drop", target = type, next = 1 }, ct);
        answer.EnsureSuccessStatusCode();
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

    private async Task PostAsync(
        Guid order, string operation, Dictionary<string, string> form, CancellationToken ct)
    {
        var intent = Assert.Single(
            (await LedgerAsync(order, ct)).GetProperty("intents").EnumerateArray());
        using var content = new FormUrlEncodedContent(form);
        using var answer = await _stripe.PostAsync(
            $"/v1/payment_intents/{intent.GetProperty("id").GetString()}/{operation}", content, ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(ct));
    }
}

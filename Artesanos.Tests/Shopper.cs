using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests;

/// <summary>What a shopper does through the gateway.</summary>
public sealed class Shopper(HttpClient gateway, string subject) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public HttpClient Http => gateway;

    /// <summary>Who the token says it is; the orders' customer id.</summary>
    public string Subject => subject;

    public void Dispose() => gateway.Dispose();

    public Task<Guid> PlaceAsync(
        Guid product, int quantity, CancellationToken ct, string? card = "pm_card_visa",
        long? expectedTotalMinor = null) =>
        PlaceAsync(
            new
            {
                lines = new[] { new { productId = product, quantity } },
                paymentMethodId = card,
                expectedTotalMinor,
            }, ct);

    /// <summary>Places an order under an idempotency key, whatever the answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        string key, Guid product, int quantity, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
        {
            Content = JsonContent.Create(new
            {
                lines = new[] { new { productId = product, quantity } },
                paymentMethodId = "pm_card_visa",
            }),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await gateway.SendAsync(request, ct);
    }

    /// <summary>One piece of each product.</summary>
    public Task<Guid> PlaceAsync(Guid[] products, CancellationToken ct) =>
        PlaceAsync(
            new
            {
                lines = products.Select(productId => new { productId, quantity = 1 }),
                paymentMethodId = "pm_card_visa",
            }, ct);

    private async Task<Guid> PlaceAsync(object order, CancellationToken ct)
    {
        using var answer = await gateway.PostAsJsonAsync("/orders", order, ct);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var placed = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        return placed.GetProperty("id").GetGuid();
    }

    public Task<JsonElement> OrderAsync(Guid order, CancellationToken ct) =>
        gateway.GetFromJsonAsync<JsonElement>($"/orders/{order}", ct);

    /// <summary>The statuses of the order's history, in sequence.</summary>
    public async Task<List<string>> HistoryAsync(Guid order, CancellationToken ct)
    {
        var history = await gateway.GetFromJsonAsync<JsonElement>($"/orders/{order}/history", ct);
        return [.. history.EnumerateArray().Select(e => e.GetProperty("status").GetString()!)];
    }

    public async Task<JsonElement> WaitForAsync(Guid order, string status, CancellationToken ct)
    {
        JsonElement view = default;
        await Eventually.TrueAsync(
            async () =>
            {
                view = await OrderAsync(order, ct);
                return view.GetProperty("status").GetString() == status;
            },
            Patience, $"order {order} is {status}", ct);
        return view;
    }
}

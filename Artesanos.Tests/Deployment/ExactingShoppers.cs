using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Deployment;

/// <summary>Shoppers who ask once. Whatever is not the answer they want is a failure.</summary>
internal sealed class ExactingShoppers : IAsyncDisposable
{
    private const int Clients = 4;

    private static readonly TimeSpan ThinkTime = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentQueue<Guid> _orders = [];
    private readonly ConcurrentQueue<string> _failures = [];
    private readonly HttpClient _http;
    private readonly Guid _product;
    private readonly Task _shopping;

    /// <param name="http">Signed in as a shopper.</param>
    public ExactingShoppers(HttpClient http, Guid product)
    {
        (_http, _product) = (http, product);
        _shopping = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ShopAsync()));
    }

    /// <returns>The orders, after the last one was answered.</returns>
    public async Task<Guid[]> EndAsync()
    {
        await _enough.CancelAsync();
        await _shopping;
        Assert.True(_failures.IsEmpty, string.Join('\n', _failures));
        Assert.NotEmpty(_orders);
        return [.. _orders];
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _shopping;
        _enough.Dispose();
    }

    private async Task ShopAsync()
    {
        while (!_enough.IsCancellationRequested)
        {
            if (await AskAsync(HttpMethod.Post, "/orders", HttpStatusCode.Created) is { } order)
            {
                var id = order.GetProperty("id").GetGuid();
                _orders.Enqueue(id);
                await AskAsync(HttpMethod.Get, $"/orders/{id}", HttpStatusCode.OK);
            }
            await AskAsync(HttpMethod.Get, $"/products/{_product}", HttpStatusCode.OK);
            await Task.Delay(ThinkTime);
        }
    }

    private async Task<JsonElement?> AskAsync(
        HttpMethod method, string path, HttpStatusCode wanted)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post)
        {
            request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
            request.Content = JsonContent.Create(new
            {
                lines = new[] { new { productId = _product, quantity = 1 } },
                paymentMethodId = "pm_card_visa",
            });
        }
        try
        {
            using var answer = await _http.SendAsync(request);
            if (answer.StatusCode == wanted)
            {
                return await answer.Content.ReadFromJsonAsync<JsonElement>();
            }
            Fail(method, path, $"{(int)answer.StatusCode} "
                + await answer.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException failure)
        {
            Fail(method, path, failure.Message);
        }
        return null;
    }

    private void Fail(HttpMethod method, string path, string how) =>
        _failures.Enqueue($"{TimeProvider.System.GetUtcNow():T} {method} {path}: {how}");
}

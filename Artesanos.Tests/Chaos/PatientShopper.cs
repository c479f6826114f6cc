using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Chaos;

/// <summary>
/// A shopper's device in bad weather: it repeats each request, an order always under its own key,
/// until it has an answer. Some cards are declined, some orders cancelled.
/// </summary>
internal sealed class PatientShopper(Shopper shopper, Guid[] products, Random random)
{
    private const int MaxThinkMilliseconds = 200;

    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(5);

    /// <param name="wantsMore">Asked before each order, given how many were placed.</param>
    /// <returns>The orders; each was answered with 201 once.</returns>
    public async Task<List<Guid>> ShopAsync(Func<int, bool> wantsMore, CancellationToken ct)
    {
        var placed = new List<Guid>();
        while (wantsMore(placed.Count))
        {
            var key = Guid.CreateVersion7().ToString();
            var card = random.Next(10) switch
            {
                0 => "pm_card_chargeDeclined",
                1 => null,
                _ => "pm_card_visa",
            };
            var body = new
            {
                lines = new[]
                {
                    new { productId = products[random.Next(products.Length)], quantity = 1 },
                },
                paymentMethodId = card,
            };
            var order = Guid.Empty;
            await UntilAsync(async patience =>
                (order = await TryPlaceAsync(body, key, patience)) != Guid.Empty, ct);
            placed.Add(order);
            // Without a card nobody pays: those are cancelled, and some others in their middle.
            if (card is null || random.Next(10) == 0)
            {
                await UntilAsync(patience => TryCancelAsync(order, patience), ct);
            }
            await Task.Delay(random.Next(MaxThinkMilliseconds), ct);
        }
        return placed;
    }

    private async Task UntilAsync(
        Func<CancellationToken, Task<bool>> tryOnceAsync, CancellationToken ct)
    {
        while (true)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(MaxSilence);
            try
            {
                if (await tryOnceAsync(patience.Token))
                {
                    return;
                }
            }
            catch (Exception silence) when (!ct.IsCancellationRequested
                && silence is HttpRequestException or OperationCanceledException)
            {
                // Nobody answered; it may have been done all the same.
            }
            await Task.Delay(random.Next(100, 500), ct);
        }
    }

    private async Task<Guid> TryPlaceAsync(object body, string key, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
        {
            Content = JsonContent.Create(body),
            Headers = { { "Idempotency-Key", key } },
        };
        using var answer = await shopper.Http.SendAsync(request, ct);
        if (answer.StatusCode != HttpStatusCode.Created)
        {
            Assert.InRange((int)answer.StatusCode, 500, 599);
            return Guid.Empty;
        }
        var order = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        return order.GetProperty("id").GetGuid();
    }

    private async Task<bool> TryCancelAsync(Guid order, CancellationToken ct)
    {
        using var answer = await shopper.Http.PostAsync($"/orders/{order}/cancel", null, ct);
        return answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Conflict;
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Journeys;

/// <summary>What an artisan does through the gateway, and what they were told.</summary>
internal sealed class Artisan(Topology topology, HttpClient gateway, string subject) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public HttpClient Http => gateway;
    public string Subject => subject;

    public static async Task<Artisan> NewAsync(Topology topology, CancellationToken ct)
    {
        var subject = $"artisan-{Guid.CreateVersion7()}";
        return new Artisan(topology, await topology.SignInAsync(subject, "artisan", ct), subject);
    }

    public void Dispose() => gateway.Dispose();

    public async Task<Guid> AddAsync(int stock, int threshold, CancellationToken ct)
    {
        using var answer = await gateway.PostAsJsonAsync("/products", new
        {
            name = "Lebrillo de Úbeda",
            town = "Úbeda",
            description = "Solo para pruebas.",
            priceMinor = 1500,
            currency = "EUR",
            stock,
            lowStockThreshold = threshold,
        }, ct);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(ct))
            .GetProperty("id").GetGuid();
    }

    public static object Change(int threshold, string name = "Lebrillo de Úbeda") => new
    {
        name,
        artisan = "Alfarería de prueba",
        town = "Baeza",
        description = "Cambiado.",
        priceMinor = 1800,
        lowStockThreshold = threshold,
        imageUrl = "/images/lebrillo.webp",
    };

    public async Task<JsonElement> SetThresholdAsync(
        Guid product, int threshold, CancellationToken ct)
    {
        using var answer = await PutAsync(gateway, product, Change(threshold), ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
    }

    /// <summary>Changes whatever stands there.</summary>
    public static async Task<HttpResponseMessage> PutAsync(
        HttpClient client, object product, object change, CancellationToken ct,
        string? ifMatch = "*")
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/products/{product}")
        {
            Content = JsonContent.Create(change),
        };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }
        return await client.SendAsync(request, ct);
    }

    public async Task RestockAsync(Guid product, int quantity, CancellationToken ct)
    {
        using var answer = await gateway.PostAsJsonAsync(
            $"/products/{product}/restock", new { quantity }, ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>
    /// The alerts about a product, by pieces left, after each was delivered to the log. They are
    /// written with the stock, so whoever saw the stock change sees all of them.
    /// </summary>
    public async Task<List<int>> AlertsAsync(Guid product, CancellationToken ct)
    {
        var raised = await topology.QueryTextsAsync("inventory",
            """
            SELECT convert_from(payload, 'UTF8') FROM outbox
            WHERE key = $1 AND subject = 'inventory.low_stock' ORDER BY id
            """, ct, product);
        await Eventually.TrueAsync(
            async () => await topology.QueryAsync<long>("inventory",
                """
                SELECT count(*) FROM notifications
                WHERE product_id = $1 AND channel = 'log' AND status = 'SENT'
                """, ct, product) == raised.Count,
            Patience, $"{raised.Count} alerts are delivered", ct);
        return raised.ConvertAll(payload =>
        {
            var alert = JsonSerializer.Deserialize<JsonElement>(payload);
            Assert.Equal(subject, alert.GetProperty("artisanSub").GetString());
            return alert.GetProperty("available").GetInt32();
        });
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using Xunit;

namespace Artesanos.Tests.Chaos;

/// <summary>What callers see of a system that is not whole: its health, and refused orders.</summary>
internal static class OutageView
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="reasonOf">The check whose reason is given; null when all is well.</param>
    public static async Task AssertHealthAsync(
        this Topology topology, string service, HttpStatusCode expected, string health, string? reasonOf)
    {
        using var direct = topology.App.CreateHttpClient(service, "http");
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await direct.GetAsync("/health", Ct);
                var report = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
                return answer.StatusCode == expected
                    && report.GetProperty("status").GetString() == health
                    && report.TryGetProperty("reasons", out var reasons) == (reasonOf is not null)
                    && (reasonOf is null || reasons.TryGetProperty(reasonOf, out _));
            },
            Patience, $"{service} is {health}", Ct);
    }

    /// <summary>Orders one piece, with a key that makes a repetition safe.</summary>
    public static async Task<(HttpStatusCode Status, Guid Order)> TryPlaceAsync(
        Shopper shopper, Guid product, Guid key)
    {
        using var answer = await PostAsync(shopper, product, key);
        if (answer.StatusCode != HttpStatusCode.Created)
        {
            return (answer.StatusCode, default);
        }
        var order = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        return (answer.StatusCode, order.GetProperty("id").GetGuid());
    }

    public static async Task<HttpResponseMessage> PostAsync(
        Shopper shopper, Guid product, Guid key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
        {
            Content = JsonContent.Create(new
            {
                lines = new[] { new { productId = product, quantity = 1 } },
                paymentMethodId = "pm_card_visa",
            }),
        };
        request.Headers.Add("Idempotency-Key", key.ToString());
        return await shopper.Http.SendAsync(request, Ct);
    }

    public static async Task AssertInvariantsAsync(this Topology topology)
    {
        var report = await topology.AuditAsync(Ct);
        Assert.True(report.Violations.Count == 0, report.ToString());
    }
}

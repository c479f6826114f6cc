using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Artesanos.Tests.Deployment;
using Aspire.Hosting.Testing;
using Xunit;

namespace Artesanos.Tests.Ordering;

/// <summary>More orders than the system takes through: some wait, some are told to come again.</summary>
[Trait("Category", "E2E")]
public sealed class AdmissionTests(Topology topology)
{
    private const int Shoppers = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Beyond_its_capacity_it_answers_503_and_ends_what_it_took()
    {
        var product = await topology.NewProductAsync(stock: 100_000, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var address = FreeAddress.Http();
        using var narrow = new ServiceProcess("orders", [], new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = address.ToString(),
            ["ConnectionStrings__orders-db"] =
                (await topology.App.GetConnectionStringAsync("orders-db", Ct))!,
            ["ConnectionStrings__nats"] =
                (await topology.App.GetConnectionStringAsync("nats", Ct))!,
            ["Auth__PublicKey"] = await topology.ParameterAsync("token-public-key", Ct),
            ["Admission__MaxWait"] = "00:00:00.1",
            ["Admission__MinLine"] = "1",
        });
        using var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization =
            shopper.Http.DefaultRequestHeaders.Authorization;
        await Eventually.TrueAsync(
            () => IsReadyAsync(http), Patience, () => $"it starts: {narrow.Output}", Ct);
        var orders = new ConcurrentBag<Guid>();
        var refusals = 0;
        var started = TimeProvider.System.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, Shoppers).Select(async _ =>
        {
            while (Volatile.Read(ref refusals) == 0
                && TimeProvider.System.GetElapsedTime(started) < Patience)
            {
                using var answer = await http.PostAsJsonAsync("/orders", new
                {
                    lines = new[] { new { productId = product, quantity = 1 } },
                    paymentMethodId = "pm_card_visa",
                }, Ct);
                var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
                if (answer.StatusCode == HttpStatusCode.Created)
                {
                    orders.Add(body.GetProperty("id").GetGuid());
                    continue;
                }
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                Assert.Equal("/problems/overloaded", body.GetProperty("type").GetString());
                Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
                Interlocked.Increment(ref refusals);
            }
        }));

        Assert.NotEqual(0, refusals);
        await topology.WaitUntilEndedAsync([.. orders], Ct);
        Assert.Equal(0L, await topology.QueryAsync<long>("orders",
            "SELECT count(*) FROM orders WHERE id = ANY($1) AND status <> 'COMPLETED'",
            Ct, [orders.ToArray()]));
        narrow.Stop();
        Assert.Equal(0, await narrow.ExitCodeAsync(Ct));
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/health", Ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

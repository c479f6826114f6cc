using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Chaos;

/// <summary>
/// Every two seconds some process is killed and started again, while shoppers order, are declined
/// and cancel, and Stripe loses answers and mixes up its webhooks. Takes minutes, so it runs only
/// when asked for: <c>-- --explicit only --filter-trait Category=Chaos</c>.
/// </summary>
[Collection("Alone")]
[Trait("Category", "Chaos")]
public sealed class ContinuousChaosTests(Topology topology, ITestOutputHelper output)
{
    private const int Orders = 2000;
    private const int Clients = 16;

    private static readonly TimeSpan ChaosTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndPatience = TimeSpan.FromMinutes(4);
    private static readonly string[] Victims =
        ["orders", "payments", "inventory", "nats", "postgres"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Two_thousand_orders_under_continuous_kills_all_end_and_the_invariants_hold()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CHAOS_SEED"),
            CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"CHAOS_SEED={seed}");
        var products = new[]
        {
            await topology.NewProductAsync(stock: 100_000, priceMinor: 1000, Ct),
            await topology.NewProductAsync(stock: 100_000, priceMinor: 2345, Ct),
            await topology.NewProductAsync(stock: Orders / 8, priceMinor: 999, Ct),
        };
        await AddStripeFaultsAsync(seed);
        using var shopper = await topology.NewShopperAsync(Ct);

        using var chaosEnds = new CancellationTokenSource(ChaosTime);
        var chaos = KillAsync(seed, chaosEnds.Token);
        var placed = (await Task.WhenAll(Enumerable.Range(0, Clients).Select(
            client => ShopAsync(shopper, products, new Random(seed + client))))).SelectMany(
            orders => orders).ToArray();
        var kills = await chaos;
        await ClearStripeFaultsAsync();

        Assert.Equal(Orders, placed.Distinct().Count());
        await topology.WaitUntilEndedAsync(placed, Ct, EndPatience);
        var report = await topology.AuditAsync(Ct);
        output.WriteLine($"{kills} kills; {report}");
        Assert.True(report.Violations.Count == 0, report.ToString());
        foreach (var service in new[] { "orders", "payments", "inventory" })
        {
            Assert.Empty(await topology.QueryTextsAsync(service,
                """
                SELECT subject || ': ' || error FROM dead_letters
                WHERE status = 'OPEN' AND (headers ->> 'ce-subject')::uuid = ANY($1)
                """, Ct, placed));
        }
    }

    /// <summary>One shopper's device: repeats until it has an answer, with the same key.</summary>
    private static async Task<List<Guid>> ShopAsync(
        Shopper shopper, Guid[] products, Random random)
    {
        var placed = new List<Guid>();
        while (placed.Count < Orders / Clients)
        {
            var key = Guid.CreateVersion7().ToString();
            var body = new
            {
                lines = new[]
                {
                    new { productId = products[random.Next(products.Length)], quantity = 1 },
                },
                paymentMethodId = random.Next(10) switch
                {
                    0 => "pm_card_chargeDeclined",
                    1 => null,
                    _ => "pm_card_visa",
                },
            };
            Guid? order;
            while ((order = await TryPlaceAsync(shopper, body, key)) is null)
            {
                await Task.Delay(random.Next(100, 500), Ct);
            }
            placed.Add(order.Value);
            // Without a card nobody pays: those are cancelled, and some others in their middle.
            if (body.paymentMethodId is null || random.Next(10) == 0)
            {
                while (!await TryCancelAsync(shopper, order.Value))
                {
                    await Task.Delay(random.Next(100, 500), Ct);
                }
            }
        }
        return placed;
    }

    private static async Task<Guid?> TryPlaceAsync(Shopper shopper, object body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
        {
            Content = JsonContent.Create(body),
            Headers = { { "Idempotency-Key", key } },
        };
        try
        {
            using var answer = await shopper.Http.SendAsync(request, Ct);
            if (answer.StatusCode != HttpStatusCode.Created)
            {
                Assert.InRange((int)answer.StatusCode, 500, 599);
                return null;
            }
            var order = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
            return order.GetProperty("id").GetGuid();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<bool> TryCancelAsync(Shopper shopper, Guid order)
    {
        try
        {
            using var answer = await shopper.Http.PostAsync($"/orders/{order}/cancel", null, Ct);
            return answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Conflict;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <returns>How often something was killed.</returns>
    private async Task<int> KillAsync(int seed, CancellationToken ends)
    {
        var random = new Random(seed);
        var kills = 0;
        while (!ends.IsCancellationRequested)
        {
            var victim = Victims[random.Next(Victims.Length)];
            await topology.KillAsync(victim, Ct);
            kills++;
            await Task.Delay(random.Next(0, 1000), Ct);
            await topology.StartAsync(victim, Ct);
            await Task.Delay(random.Next(0, 1500), Ct);
        }
        return kills;
    }

    private async Task AddStripeFaultsAsync(int seed)
    {
        using var stripe = new HttpClient { BaseAddress = topology.Stripe };
        foreach (var kind in new[]
            {
                "lost_response", "rate_limited", "webhook_drop", "webhook_duplicate",
                "webhook_delay",
            })
        {
            using var answer = await stripe.PostAsJsonAsync("/control/faults",
                new { kind, target = "*", rate = 0.05, seed, delay_ms = 2000 }, Ct);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        }
    }

    private async Task ClearStripeFaultsAsync()
    {
        using var stripe = new HttpClient { BaseAddress = topology.Stripe };
        using var answer = await stripe.DeleteAsync("/control/faults", Ct);
        answer.EnsureSuccessStatusCode();
    }
}

using System.Globalization;
using System.Net.Http.Json;
using Xunit;

namespace Artesanos.Tests.Chaos;

/// <summary>
/// Every two seconds some process is killed and started again or lies still for a while, while shoppers order, are declined
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
    public async Task Two_thousand_orders_under_kills_and_pauses_all_end_and_the_invariants_hold()
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
        var chaos = DisturbAsync(seed, chaosEnds.Token);
        var shopping = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client =>
            new PatientShopper(shopper, products, new Random(seed + client))
                .ShopAsync(placed => placed < Orders / Clients, Ct)));
        var placed = shopping.SelectMany(orders => orders).ToArray();
        var disturbances = await chaos;
        await ClearStripeFaultsAsync();

        Assert.Equal(Orders, placed.Distinct().Count());
        await topology.WaitUntilEndedAsync(placed, Ct, EndPatience);
        var report = await topology.AuditAsync(Ct);
        output.WriteLine($"{disturbances} kills and pauses; {report}");
        Assert.True(report.Violations.Count == 0, report.ToString());
        Assert.Empty(await topology.DeadLettersAsync(placed, Ct));
    }

    /// <returns>How often something was killed or paused.</returns>
    private async Task<int> DisturbAsync(int seed, CancellationToken ends)
    {
        var random = new Random(seed);
        var disturbances = 0;
        while (!ends.IsCancellationRequested)
        {
            var victim = Victims[random.Next(Victims.Length)];
            // PostgreSQL is many processes: stopping one of them proves little.
            var pause = victim != "postgres" && random.Next(3) == 0;
            await (pause ? topology.PauseAsync(victim, Ct) : topology.KillAsync(victim, Ct));
            disturbances++;
            await Task.Delay(random.Next(0, pause ? 2000 : 1000), Ct);
            await (pause ? topology.ResumeAsync(victim, Ct) : topology.StartAsync(victim, Ct));
            await Task.Delay(random.Next(0, 1500), Ct);
        }
        return disturbances;
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

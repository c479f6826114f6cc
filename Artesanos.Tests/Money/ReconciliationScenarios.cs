using Xunit;

namespace Artesanos.Tests.Money;

/// <summary>What no webhook told is asked for, with faults that strike everybody.</summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class ReconciliationScenarios(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payment_whose_webhook_is_lost_is_found_by_asking_for_its_intent()
    {
        using var stripe = new StripeDesk(topology);
        var product = await topology.NewProductAsync(stock: 9, priceMinor: 1999, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceUnpaidAsync(product, Ct);
        await stripe.DropNextWebhookAsync(order, "payment_intent.succeeded", Ct);
        await using (var away = await stripe.FaultAsync(
            "unavailable", "events.list", Ct, next: 10_000))
        {
            await stripe.PayAsync(order, Ct);

            await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
        }
    }

    /// <summary>One page of 100 is read in a round here, so this takes several.</summary>
    [Fact]
    public async Task Undelivered_events_are_read_page_by_page_to_the_last_one()
    {
        const int lost = 130;
        using var stripe = new StripeDesk(topology);
        var intents = new string[lost];
        await using (await stripe.FaultAsync(
            "webhook_drop", "payment_intent.canceled", Ct, next: lost))
        {
            await Parallel.ForAsync(0, lost, Ct, async (i, token) =>
            {
                intents[i] = await stripe.CreateIntentAsync(token);
                await stripe.CancelIntentAsync(intents[i], token);
            });
        }

        await Eventually.TrueAsync(
            async () => await topology.QueryAsync<long>("payments",
                "SELECT count(*) FROM stripe_events WHERE intent_id = ANY($1)", Ct,
                [intents]) == lost,
            TimeSpan.FromSeconds(30), "all lost events are stored", Ct);
    }
}

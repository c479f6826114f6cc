using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Money;

/// <summary>What operators have to look at: disputes, and charges that are not ours.</summary>
[Trait("Category", "E2E")]
public sealed class DisputeScenarios(Topology topology)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dispute_is_shown_to_operators_with_its_order_until_it_is_closed()
    {
        using var stripe = new StripeDesk(topology);
        using var olga = await topology.SignInAsync("olga", "operator", Ct);
        var order = await PaidAsync();

        var dispute = await stripe.DisputeAsync(order, "product_not_received", Ct);
        var open = await WaitForDisputeAsync(olga, dispute, closed: false);
        await stripe.CloseDisputeAsync(dispute, "lost", Ct);
        var closed = await WaitForDisputeAsync(olga, dispute, closed: true);

        Assert.Equal(order, open.GetProperty("orderId").GetGuid());
        Assert.Equal(1999, open.GetProperty("amountMinor").GetInt64());
        Assert.Equal("EUR", open.GetProperty("currency").GetString());
        Assert.Equal("product_not_received", open.GetProperty("reason").GetString());
        Assert.Equal("needs_response", open.GetProperty("status").GetString());
        Assert.Equal("lost", closed.GetProperty("status").GetString());
        await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
    }

    [Fact]
    public async Task A_dispute_whose_webhook_is_lost_is_found()
    {
        using var stripe = new StripeDesk(topology);
        using var olga = await topology.SignInAsync("olga", "operator", Ct);
        var order = await PaidAsync();
        await stripe.DropNextWebhookAsync(order, "charge.dispute.created", Ct);

        var dispute = await stripe.DisputeAsync(order, "fraudulent", Ct);

        await WaitForDisputeAsync(olga, dispute, closed: false);
    }

    [Fact]
    public async Task A_dispute_that_is_closed_stays_closed_whatever_comes_late_or_again()
    {
        var id = $"du_{Guid.CreateVersion7():N}";
        var (opened, closed) = (Event(id, "created", 100), Event(id, "closed", 100));

        foreach (var body in new[] { closed, opened, closed, Event(id, "created", 200) })
        {
            var secret = (await topology.WebhookSecretsAsync(Ct))[1];
            Assert.Equal(HttpStatusCode.OK, await topology.PostWebhookAsync(
                body, secret, TimeSpan.Zero, Ct));
        }
        await Eventually.TrueAsync(
            async () => await topology.QueryAsync<long>("payments",
                """
                SELECT count(*) FROM stripe_events
                WHERE intent_id = $1 AND processed_at IS NOT NULL
                """, Ct, $"pi_{id}") == 3,
            Patience, "all three events are processed", Ct);

        Assert.Equal("won", await topology.QueryAsync<string>(
            "payments", "SELECT status FROM disputes WHERE id = $1", Ct, id));
    }

    [Fact]
    public async Task A_charge_of_another_amount_is_quarantined_and_shown_to_operators()
    {
        using var stripe = new StripeDesk(topology);
        using var olga = await topology.SignInAsync("olga", "operator", Ct);
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1999, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceUnpaidAsync(product, Ct);

        await stripe.ChangeAmountAsync(order, 199, Ct);
        await stripe.PayAsync(order, Ct);
        await topology.WaitForPaymentAsync(order, "QUARANTINED", Ct);

        var shown = await olga.GetFromJsonAsync<JsonElement>(
            "/payments/operations/quarantined", Ct);
        var row = Assert.Single(shown.EnumerateArray(),
            row => row.GetProperty("orderId").GetGuid() == order);
        Assert.Equal("amount_mismatch", row.GetProperty("reason").GetString());
        Assert.Equal(1999, row.GetProperty("amountMinor").GetInt64());
        Assert.Equal(0L, await topology.QueryAsync<long>("payments",
            "SELECT count(*) FROM outbox WHERE key = $1 AND subject = 'payments.succeeded'",
            Ct, order));
        // The operator gives the money back by hand.
        await stripe.RefundAsync(order, Ct);
    }

    [Theory]
    [InlineData("/payments/operations/disputes")]
    [InlineData("/payments/operations/quarantined")]
    [InlineData("/payments/operations/unsettled")]
    public async Task What_operators_see_is_forbidden_to_others(string path)
    {
        using var shopper = await topology.NewShopperAsync(Ct);
        using var olga = await topology.SignInAsync("olga", "operator", Ct);

        using var nobody = await topology.Gateway.GetAsync(path, Ct);
        using var theirs = await shopper.Http.GetAsync(path, Ct);
        using var hers = await olga.GetAsync(path, Ct);
        using var tooMany = await olga.GetAsync(path + "?limit=101", Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, theirs.StatusCode);
        Assert.Equal(HttpStatusCode.OK, hers.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, tooMany.StatusCode);
    }

    private async Task<Guid> PaidAsync()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1999, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct);
        await topology.AssertMoneyAsync(order, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
        return order;
    }

    private static async Task<JsonElement> WaitForDisputeAsync(
        HttpClient caller, string id, bool closed)
    {
        JsonElement found = default;
        await Eventually.TrueAsync(
            async () =>
            {
                var page = await caller.GetFromJsonAsync<JsonElement>(
                    $"/payments/operations/disputes?limit=100&closed={closed}", Ct);
                found = page.GetProperty("items").EnumerateArray().FirstOrDefault(
                    dispute => dispute.GetProperty("id").GetString() == id);
                return found.ValueKind == JsonValueKind.Object;
            },
            Patience, $"dispute {id} is shown", Ct);
        return found;
    }

    private static string Event(string dispute, string what, long created) =>
        StripeDesk.EventJson(
            $"evt_{dispute}_{what}_{created}", $"charge.dispute.{what}", new
            {
                id = dispute,
                @object = "dispute",
                payment_intent = $"pi_{dispute}",
                charge = "ch_1",
                amount = 1999,
                currency = "eur",
                reason = "fraudulent",
                status = what == "created" ? "needs_response" : "won",
                created = 90,
            }, created);
}

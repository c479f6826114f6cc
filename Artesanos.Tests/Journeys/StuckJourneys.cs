using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Journeys;

/// <summary>
/// A saga whose answer never comes is seen and can be helped; it is never dropped.
/// </summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class StuckJourneys(Topology topology)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stuck_saga_is_listed_with_what_it_waits_for_and_retried_by_name()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var olga = await topology.SignInAsync("olga", "operator", Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);
        await using var outage = await Outage.OfAsync(topology, "payments", Ct);
        using (await shopper.Http.PostAsync($"/orders/{order}/cancel", null, Ct))
        {
            await BecomeStuckAsync(order);
        }

        var stuck = await StuckAsync(olga, order);
        Assert.NotNull(stuck);
        Assert.Equal("COMPENSATING", stuck.Value.GetProperty("status").GetString());
        Assert.Equal("CancelPayment", stuck.Value.GetProperty("waitsFor").GetString());
        Assert.Equal(6, stuck.Value.GetProperty("resends").GetInt32());
        Assert.InRange(stuck.Value.GetProperty("stuckSince").GetDateTimeOffset(),
            TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow());

        var path = $"/orders/operations/stuck/{order}/retry";
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(shopper.Http, path));
        var sent = await CancelsSentAsync(order);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(olga, path));
        Assert.Equal(sent + 1, await CancelsSentAsync(order));
        Assert.Null(await StuckAsync(olga, order));
        Assert.Equal(HttpStatusCode.Conflict, await PostAsync(olga, path));
        Assert.Equal("olga", await topology.QueryAsync<string>("orders",
            """
            SELECT asked_by FROM order_history
            WHERE order_id = $1 AND cause = 'RetryAsked' AND effect = 'RESENT'
            """, Ct, order));

        await outage.EndAsync(Ct);
        await shopper.WaitForAsync(order, "CANCELLED", Ct);
        Assert.Equal(1, await topology.AvailableAsync(product, Ct));
    }

    [Fact]
    public async Task Only_operators_see_stuck_sagas_and_only_orders_that_exist_are_retried()
    {
        using var shopper = await topology.NewShopperAsync(Ct);
        using var olga = await topology.SignInAsync("olga", "operator", Ct);

        using var forbidden = await shopper.Http.GetAsync("/orders/operations/stuck", Ct);
        using var wrong = await olga.GetAsync("/orders/operations/stuck?limit=0", Ct);

        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(
            olga, $"/orders/operations/stuck/{Guid.CreateVersion7()}/retry"));
    }

    /// <summary>As if five repetitions had gone unanswered; the sixth is one too many.</summary>
    private async Task BecomeStuckAsync(Guid order)
    {
        await topology.QueryAsync<object>("orders",
            "UPDATE orders SET resends = 5, deadline = now() WHERE id = $1", Ct, order);
        await Eventually.TrueAsync(
            async () => await topology.QueryAsync<bool>(
                "orders", "SELECT stuck_since IS NOT NULL FROM orders WHERE id = $1", Ct, order),
            Patience, "the saga is flagged as stuck", Ct);
    }

    private static async Task<JsonElement?> StuckAsync(HttpClient olga, Guid order)
    {
        var page = await olga.GetFromJsonAsync<JsonElement>("/orders/operations/stuck", Ct);
        return page.GetProperty("items").EnumerateArray()
            .Where(saga => saga.GetProperty("orderId").GetGuid() == order)
            .Select(saga => (JsonElement?)saga).SingleOrDefault();
    }

    private Task<long> CancelsSentAsync(Guid order) => topology.QueryAsync<long>("orders",
        "SELECT count(*) FROM outbox WHERE key = $1 AND subject = 'payments.commands.cancel'",
        Ct, order);

    private static async Task<HttpStatusCode> PostAsync(HttpClient caller, string path)
    {
        using var answer = await caller.PostAsync(path, content: null, Ct);
        return answer.StatusCode;
    }
}

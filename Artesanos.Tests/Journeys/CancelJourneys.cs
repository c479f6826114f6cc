using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Journeys;

/// <summary>Who changes their mind, when, and what they are told.</summary>
[Trait("Category", "E2E")]
public sealed class CancelJourneys(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_that_waits_for_its_payment_is_cancelled_and_nothing_is_kept()
    {
        var product = await topology.NewProductAsync(stock: 4, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);
        var order = await shopper.PlaceAsync(product, 3, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);

        var (status, view) = await CancelAsync(shopper.Http, $"/orders/{order}/cancel");

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(order, view.GetProperty("id").GetGuid());
        Assert.True(view.GetProperty("status").GetString() is "COMPENSATING" or "CANCELLED");
        Assert.Equal("cancelled_by_customer", view.GetProperty("reason").GetString());
        await shopper.WaitForAsync(order, "CANCELLED", Ct);
        Assert.Equal(4, await topology.AvailableAsync(product, Ct));
        await stripe.AssertNothingKeptAsync(order, refundedMinor: 0, Ct);
        Assert.Equal(
            ["STARTED", "STOCK_RESERVED", "PAYMENT_PENDING", "COMPENSATING", "COMPENSATING",
             "CANCELLED"],
            await shopper.HistoryAsync(order, Ct));
    }

    [Fact]
    public async Task Asking_again_for_a_cancelled_order_is_a_200_and_changes_nothing()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);
        await CancelAsync(shopper.Http, $"/orders/{order}/cancel");
        var cancelled = await shopper.WaitForAsync(order, "CANCELLED", Ct);

        var (status, view) = await CancelAsync(shopper.Http, $"/orders/{order}/cancel");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(cancelled.GetRawText(), view.GetRawText());
    }

    [Fact]
    public async Task Many_requests_at_once_cancel_once()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => CancelAsync(shopper.Http, $"/orders/{order}/cancel")));
        await shopper.WaitForAsync(order, "CANCELLED", Ct);

        Assert.All(answers, answer => Assert.True(
            answer.Status is HttpStatusCode.Accepted or HttpStatusCode.OK));
        Assert.Equal(1L, await topology.QueryAsync<long>("orders",
            "SELECT count(*) FROM order_history WHERE order_id = $1 AND cause = 'CancelAsked'",
            Ct, order));
    }

    [Fact]
    public async Task A_completed_order_is_not_cancellable()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);

        var (status, problem) = await CancelAsync(shopper.Http, $"/orders/{order}/cancel");

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal(
            "/problems/order-not-cancellable", problem.GetProperty("type").GetString());
        Assert.Contains("completed", problem.GetProperty("detail").GetString());
        Assert.Equal("COMPLETED",
            (await shopper.OrderAsync(order, Ct)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_order_that_failed_by_itself_stays_failed()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 2, Ct);
        await shopper.WaitForAsync(order, "FAILED", Ct);

        var (status, view) = await CancelAsync(shopper.Http, $"/orders/{order}/cancel");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("FAILED", view.GetProperty("status").GetString());
        Assert.Equal("out_of_stock", view.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task An_order_of_somebody_else_and_one_that_never_was_are_the_same_404()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var ana = await topology.NewShopperAsync(Ct);
        using var eva = await topology.NewShopperAsync(Ct);
        var order = await ana.PlaceAsync(product, 1, Ct);

        foreach (var id in new[] { order, Guid.CreateVersion7() })
        {
            var (status, problem) = await CancelAsync(eva.Http, $"/orders/{id}/cancel");
            Assert.Equal(HttpStatusCode.NotFound, status);
            Assert.Equal("/problems/not-found", problem.GetProperty("type").GetString());
        }
        await ana.WaitForAsync(order, "COMPLETED", Ct);
    }

    [Fact]
    public async Task An_operator_cancels_any_order_and_the_history_says_who_it_was()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var olga = await topology.SignInAsync("olga", "operator", Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);

        var (refused, _) = await CancelAsync(
            shopper.Http, $"/orders/operations/{order}/cancel");
        var (accepted, _) = await CancelAsync(olga, $"/orders/operations/{order}/cancel");

        Assert.Equal(HttpStatusCode.Forbidden, refused);
        Assert.Equal(HttpStatusCode.Accepted, accepted);
        var view = await shopper.WaitForAsync(order, "CANCELLED", Ct);
        Assert.Equal("cancelled_by_operator", view.GetProperty("reason").GetString());
        var log = await olga.GetFromJsonAsync<JsonElement>(
            $"/orders/operations/{order}/history", Ct);
        var asked = Assert.Single(log.EnumerateArray(),
            entry => entry.GetProperty("cause").GetString() == "CancelAsked");
        Assert.Equal("olga", asked.GetProperty("askedBy").GetString());
    }

    /// <summary>The request meets the saga in whatever state it has just reached.</summary>
    [Fact]
    public async Task A_cancellation_at_any_moment_gives_the_order_back_or_is_refused()
    {
        const int orders = 40;
        var product = await topology.NewProductAsync(stock: orders, priceMinor: 1500, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var stripe = new StripeDesk(topology);

        var sold = await Task.WhenAll(Enumerable.Range(0, orders).Select(async i =>
        {
            var order = await shopper.PlaceAsync(product, 1, Ct);
            await Task.Delay(TimeSpan.FromMilliseconds(5 * i), Ct);
            var (status, _) = await CancelAsync(shopper.Http, $"/orders/{order}/cancel");
            if (status == HttpStatusCode.Conflict)
            {
                await shopper.WaitForAsync(order, "COMPLETED", Ct);
                return true;
            }
            Assert.True(status is HttpStatusCode.Accepted or HttpStatusCode.OK, $"{status}");
            await shopper.WaitForAsync(order, "CANCELLED", Ct);
            return false;
        }));

        Assert.Equal(orders - sold.Count(one => one),
            await topology.AvailableAsync(product, Ct));
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> CancelAsync(
        HttpClient caller, string path)
    {
        using var answer = await caller.PostAsync(path, content: null, Ct);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        return (answer.StatusCode, body);
    }
}

using Microsoft.Playwright;
using Xunit;

namespace Artesanos.Tests.Dashboard;

/// <summary>What became of an order, and why.</summary>
[Collection("Dashboard")]
[Trait("Category", "E2E")]
public sealed class OrdersPageTests(DashboardSystem system)
{
    private static readonly string[] WayToTheEnd =
        ["STARTED", "STOCK_RESERVED", "PAYMENT_PENDING", "CONFIRMING"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_completed_order_shows_its_way_its_messages_its_payment_and_its_hold()
    {
        await using var visitor = await system.VisitAsync();
        using var shopper = await system.Topology.NewShopperAsync(Ct);
        var order = await PlaceAsync(shopper, stock: 2, quantity: 2);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);
        await visitor.OpenAsync("orders");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = order.ToString() }).ClickAsync();

        await visitor.SeesAsync("Completed in ");
        foreach (var state in WayToTheEnd)
        {
            await visitor.State(state, "passed").WaitForAsync();
        }
        await visitor.State("COMPLETED", "current").WaitForAsync();
        Assert.Equal(0, await visitor.State("FAILED", "passed").CountAsync());
        await visitor.ShowAsync("order-completed");

        var reserved = visitor.Message("inventory.reserved");
        await reserved.GetByText("inventory.reserved").ClickAsync();
        await reserved.GetByText("\"totalMinor\": 2000").WaitForAsync();
        await reserved.GetByText("orders after").WaitForAsync();
        await visitor.Part("payment").GetByText("SUCCEEDED", new() { Exact = true }).WaitForAsync();
        await visitor.Part("payment").GetByText("20.00 EUR").WaitForAsync();
        await visitor.Part("hold").GetByText("COMMITTED").WaitForAsync();
        await visitor.ShowAsync("order-messages");

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Its trace" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "POST /orders" }).First
            .WaitForAsync();
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task A_declined_card_is_named_as_the_reason()
    {
        await using var visitor = await system.VisitAsync(ColorScheme.Dark);
        using var shopper = await system.Topology.NewShopperAsync(Ct);
        var order = await PlaceAsync(shopper, card: "pm_card_chargeDeclined");
        await shopper.WaitForAsync(order, "FAILED", Ct);

        await visitor.OpenAsync($"orders/{order}");

        await visitor.SeesAsync("the card was declined: generic_decline");
        await visitor.State("COMPENSATING/stock", "passed").WaitForAsync();
        await visitor.Part("hold").GetByText("RELEASED").WaitForAsync();
        await visitor.ShowAsync("order-declined-dark");
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task An_order_that_ran_out_of_stock_says_what_was_missing()
    {
        await using var visitor = await system.VisitAsync();
        using var shopper = await system.Topology.NewShopperAsync(Ct);
        var order = await PlaceAsync(shopper, stock: 1, quantity: 3);
        await shopper.WaitForAsync(order, "FAILED", Ct);

        await visitor.OpenAsync($"orders/{order}");

        await visitor.SeesAsync("Inventory had too few pieces");
        await visitor.Part("hold").GetByText("\"requested\": 3").WaitForAsync();
        await visitor.Part("payment").GetByText("Payments knows none.").WaitForAsync();
    }

    [Fact]
    public async Task An_order_that_waits_names_the_service_that_is_away_until_it_is_back()
    {
        await using var visitor = await system.VisitAsync();
        using var shopper = await system.Topology.NewShopperAsync(Ct);
        var product = await system.Topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        await system.Topology.StopAsync("inventory", Ct);
        try
        {
            var order = await shopper.PlaceAsync(product, 1, Ct);

            await visitor.OpenAsync($"orders/{order}");
            await visitor.SeesAsync("It waits for inventory to answer inventory.commands.reserve.");
            await visitor.SeesAsync("inventory is not running");
            await visitor.SeesAsync("was published, and nobody has handled it");
            await visitor.SeesAsync("it asks once again, then fails the order (reserve_timeout)");
            await visitor.ShowAsync("order-waiting");
        }
        finally
        {
            await system.Topology.StartAsync("inventory", Ct);
        }
        await visitor.SeesAsync("Completed in ");
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Orders_are_found_by_id_by_customer_and_by_status()
    {
        await using var visitor = await system.VisitAsync();
        using var shopper = await system.Topology.NewShopperAsync(Ct);
        var paid = await PlaceAsync(shopper);
        var open = await PlaceAsync(shopper, card: null);
        await shopper.WaitForAsync(paid, "COMPLETED", Ct);
        await shopper.WaitForAsync(open, "PAYMENT_PENDING", Ct);
        await visitor.OpenAsync("orders");
        var rows = visitor.Page.Locator("tr[data-order]");

        await visitor.Page.GetByLabel("Search").FillAsync(paid.ToString());
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await visitor.Page.GetByLabel("Search").FillAsync(shopper.Subject);
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await visitor.Page.GetByLabel("Status").SelectOptionAsync("PAYMENT_PENDING");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await rows.GetByText(open.ToString()).WaitForAsync();
        await visitor.ShowAsync("orders");
        visitor.AssertNoErrors();
    }

    private async Task<Guid> PlaceAsync(
        Shopper shopper, int stock = 1, int quantity = 1, string? card = "pm_card_visa")
    {
        var product = await system.Topology.NewProductAsync(stock, priceMinor: 1000, Ct);
        return await shopper.PlaceAsync(product, quantity, Ct, card);
    }
}

using Microsoft.Playwright;
using Xunit;

namespace Artesanos.Tests.Dashboard;

/// <summary>What the processes print, while they print it.</summary>
[Collection("Dashboard")]
[Trait("Category", "E2E")]
public sealed class ConsoleLogsPageTests(DashboardSystem system)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_lines_come_by_themselves_and_a_search_finds_them()
    {
        await using var visitor = await system.VisitAsync();
        await visitor.OpenAsync("console/orders");
        await visitor.SeesAsync("Application started.");

        var order = await CancelledOrderAsync();
        var line = visitor.Page.Locator(".line", new() { HasText = order.ToString() }).First;
        await line.WaitForAsync();
        await visitor.ShowAsync("console");

        await visitor.Page.GetByLabel("Search").FillAsync(order.ToString());
        await visitor.Page.Locator(".line mark").First.WaitForAsync();
        await visitor.SeesAsync("lines match");
        await Assertions.Expect(visitor.Page.Locator(".line")
            .Filter(new() { HasNotText = order.ToString() })).ToHaveCountAsync(0);
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Levels_are_told_apart_and_can_be_chosen()
    {
        await using var visitor = await system.VisitAsync();
        await visitor.OpenAsync("console");
        // At its start each service waits for JetStream, and says so.
        var warning = visitor.Page.Locator(".line[data-level=Warning]").First;
        await warning.WaitForAsync();
        await visitor.Page.GetByLabel("Level").SelectOptionAsync("Warning");

        await Assertions.Expect(
            visitor.Page.Locator(".line[data-level=Information]")).ToHaveCountAsync(0);
        await warning.WaitForAsync();
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task A_paused_page_stands_still_and_catches_up()
    {
        await using var visitor = await system.VisitAsync();
        await visitor.OpenAsync("console/orders");
        await visitor.SeesAsync("Application started.");
        await visitor.PressAsync("Pause");
        var before = await visitor.Page.Locator(".line").CountAsync();

        var order = await CancelledOrderAsync();
        Assert.Equal(before, await visitor.Page.Locator(".line").CountAsync());

        await visitor.PressAsync("Go on");
        await visitor.Page.Locator(".line", new() { HasText = order.ToString() }).First
            .WaitForAsync();
    }

    // A cancellation is one of the few things a healthy service writes down.
    private async Task<Guid> CancelledOrderAsync()
    {
        var product = await system.Topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await system.Topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);
        using var answer = await shopper.Http.PostAsync($"/orders/{order}/cancel", null, Ct);
        await shopper.WaitForAsync(order, "CANCELLED", Ct);
        return order;
    }
}

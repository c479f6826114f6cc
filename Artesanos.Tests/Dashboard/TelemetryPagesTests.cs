using Microsoft.Playwright;
using Xunit;

namespace Artesanos.Tests.Dashboard;

/// <summary>Traces, structured logs and metrics of a real order, as they are seen.</summary>
[Collection("Dashboard")]
[Trait("Category", "E2E")]
public sealed class TelemetryPagesTests(DashboardSystem system)
{
    private static readonly string[] Services = ["gateway", "orders", "inventory", "payments"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_order_is_one_trace_whose_waterfall_crosses_all_services()
    {
        await using var visitor = await system.VisitAsync();
        using var shopper = await system.Topology.NewShopperAsync(Ct);
        var order = await OrderAsync(shopper, "pm_card_visa", "COMPLETED");
        await visitor.OpenAsync("traces");
        await visitor.Page.GetByLabel("Text").FillAsync(order.ToString());
        var found = visitor.Page
            .GetByRole(AriaRole.Link, new() { Name = "gateway: POST /orders" }).First;
        await found.WaitForAsync();
        await visitor.ShowAsync("traces");
        await found.ClickAsync();

        var waterfall = visitor.Page.GetByRole(AriaRole.Table, new() { Name = "Spans over time" });
        foreach (var service in Services)
        {
            await waterfall.Locator(".service").GetByText(service, new() { Exact = true }).First
                .WaitForAsync();
        }
        await visitor.ShowAsync("trace");
        await visitor.Page.GetByLabel("Find").FillAsync("inventory.commands.reserve");
        var process = waterfall.GetByRole(
            AriaRole.Button, new() { Name = "process inventory.commands.reserve" });
        await process.ClickAsync();
        await visitor.SeesAsync("after its publish began");
        await visitor.SeesAsync(order.ToString());
        await visitor.ShowAsync("trace-details");

        // Stripe's request has a trace of its own; the effect of the webhook links to it, and back.
        await visitor.Page.GetByLabel("Find").FillAsync("webhook payment_intent.succeeded");
        await waterfall.GetByRole(AriaRole.Link, new() { Name = "linked trace" }).First
            .ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "POST /payments/webhook" })
            .First.WaitForAsync();
        await visitor.Page
            .GetByRole(AriaRole.Link, new() { Name = "payments: webhook payment_intent.succeeded" })
            .First.WaitForAsync();
        await visitor.ShowAsync("trace-webhook");
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Log_records_are_searched_live_and_lead_to_their_trace()
    {
        await using var visitor = await system.VisitAsync();
        await visitor.OpenAsync("structured-logs");
        using var shopper = await system.Topology.NewShopperAsync(Ct);
        var order = await OrderAsync(shopper, card: null, "PAYMENT_PENDING");
        await visitor.Page.GetByLabel("Text").FillAsync(order.ToString());
        // The page is open already: the record comes to it.
        using var answer = await shopper.Http.PostAsync($"/orders/{order}/cancel", null, Ct);
        var record = visitor.Page.GetByRole(AriaRole.Row)
            .Filter(new() { HasText = $"Order {order}: " }).First;
        await record.WaitForAsync();
        await visitor.Page.GetByLabel("Service").SelectOptionAsync("orders");
        await record.GetByRole(AriaRole.Button).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Rowheader, new() { Name = "OrderId" }).WaitForAsync();
        await visitor.ShowAsync("logs");

        await record.GetByRole(AriaRole.Link).First.ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Logs of this trace" })
            .WaitForAsync();
        await visitor.SeesAsync($"Order {order}: ");
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task Metrics_are_drawn_and_can_be_read_as_a_table()
    {
        await using var visitor = await system.VisitAsync();
        using var shopper = await system.Topology.NewShopperAsync(Ct);
        await OrderAsync(shopper, "pm_card_visa", "COMPLETED");
        await visitor.OpenAsync("metrics?service=orders");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "saga.duration" }).ClickAsync();
        foreach (var quantile in new[] { "p50", "p95", "p99" })
        {
            await visitor.Page.Locator(".legend").GetByText(quantile).WaitForAsync();
        }
        Assert.Equal(3, await visitor.Page.Locator("svg.lines .line:not(.dots)").CountAsync());
        await visitor.ShowAsync("metrics-histogram");

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "order.status_count" })
            .ClickAsync();
        await visitor.Page.Locator(".legend").GetByText("COMPLETED").WaitForAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "as a table" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Columnheader, new() { Name = "COMPLETED" })
            .WaitForAsync();
        await visitor.ShowAsync("metrics-gauge");
        visitor.AssertNoErrors();
    }

    private async Task<Guid> OrderAsync(Shopper shopper, string? card, string status)
    {
        var product = await system.Topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct, card);
        await shopper.WaitForAsync(order, status, Ct);
        return order;
    }
}

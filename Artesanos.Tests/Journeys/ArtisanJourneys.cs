using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Journeys;

/// <summary>An artisan keeps own products, and only those.</summary>
[Trait("Category", "E2E")]
public sealed class ArtisanJourneys(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_artisan_changes_a_product_and_shoppers_see_it()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var product = await artisan.AddAsync(stock: 10, threshold: 2, Ct);

        using var answer = await Artisan.PutAsync(
            artisan.Http, product, Artisan.Change(threshold: 4, name: "Lebrillo verde"), Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var own = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal(4, own.GetProperty("lowStockThreshold").GetInt32());
        Assert.Equal(10, own.GetProperty("onHand").GetInt32());
        Assert.Equal(10, own.GetProperty("available").GetInt32());
        Assert.Equal(JsonValueKind.Null, own.GetProperty("lowSince").ValueKind);
        var view = await topology.Gateway.GetFromJsonAsync<JsonElement>(
            $"/products/{product}", Ct);
        Assert.Equal("Lebrillo verde", view.GetProperty("name").GetString());
        Assert.Equal("Alfarería de prueba", view.GetProperty("artisan").GetString());
        Assert.Equal("Baeza", view.GetProperty("town").GetString());
        Assert.Equal("Cambiado.", view.GetProperty("description").GetString());
        Assert.Equal(1800, view.GetProperty("priceMinor").GetInt64());
        Assert.Equal("EUR", view.GetProperty("currency").GetString());
        Assert.Equal("/images/lebrillo.webp", view.GetProperty("imageUrl").GetString());
        Assert.False(view.TryGetProperty("lowStockThreshold", out _));
    }

    [Fact]
    public async Task A_new_price_counts_for_the_next_order()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var product = await artisan.AddAsync(stock: 10, threshold: 0, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var before = await shopper.PlaceAsync(product, 1, Ct, expectedTotalMinor: 1500);
        await shopper.WaitForAsync(before, "COMPLETED", Ct);

        await artisan.SetThresholdAsync(product, 0, Ct);
        var after = await shopper.PlaceAsync(product, 1, Ct, expectedTotalMinor: 1800);

        await shopper.WaitForAsync(after, "COMPLETED", Ct);
    }

    [Fact]
    public async Task Another_artisans_product_and_one_that_is_none_are_a_404_and_stay_as_they_are()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        using var other = await Artisan.NewAsync(topology, Ct);
        var product = await artisan.AddAsync(stock: 10, threshold: 2, Ct);

        foreach (var id in new[] { $"{product}", $"{Guid.CreateVersion7()}", "lebrillo" })
        {
            using var change = await Artisan.PutAsync(
                other.Http, id, Artisan.Change(threshold: 99), Ct);
            Assert.Equal(HttpStatusCode.NotFound, change.StatusCode);
            using var restock = await other.Http.PostAsJsonAsync(
                $"/products/{id}/restock", new { quantity = 1 }, Ct);
            Assert.Equal(HttpStatusCode.NotFound, restock.StatusCode);
        }
        Assert.Equal(2, await topology.QueryAsync<int>("inventory",
            """
            SELECT low_stock_threshold FROM products
            WHERE id = $1 AND on_hand = 10 AND name = 'Lebrillo de Úbeda'
            """, Ct, product));
    }

    [Theory]
    [InlineData("shopper")]
    [InlineData("operator")]
    public async Task Whoever_is_no_artisan_may_not_change_or_restock(string role)
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var product = await artisan.AddAsync(stock: 10, threshold: 2, Ct);
        // The same subject: the role decides.
        using var caller = await topology.SignInAsync(artisan.Subject, role, Ct);

        using var change = await Artisan.PutAsync(
            caller, product, Artisan.Change(threshold: 3), Ct);
        using var restock = await caller.PostAsJsonAsync(
            $"/products/{product}/restock", new { quantity = 1 }, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, change.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, restock.StatusCode);
        using var anonymous = await Artisan.PutAsync(
            topology.Gateway, product, Artisan.Change(threshold: 3), Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
    }

    [Fact]
    public async Task A_change_that_breaks_the_rules_names_every_field()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var product = await artisan.AddAsync(stock: 10, threshold: 2, Ct);

        using var answer = await artisan.Http.PutAsJsonAsync($"/products/{product}", new
        {
            name = "",
            artisan = "Alfarería",
            town = "Úbeda",
            description = "a\0b",
            priceMinor = 1,
            lowStockThreshold = -1,
            imageUrl = "http://example.com/a.png",
        }, Ct);
        using var incomplete = await artisan.Http.PutAsJsonAsync(
            $"/products/{product}", new { name = "Lebrillo" }, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal(
            ["description", "imageUrl", "lowStockThreshold", "name", "priceMinor"],
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order());
        Assert.Equal(HttpStatusCode.BadRequest, incomplete.StatusCode);
        problem = await incomplete.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Contains("lowStockThreshold",
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }
}

using Artesanos.Inventory.Catalog;
using Xunit;

namespace Artesanos.Tests.Inventory;

public sealed class CatalogRulesTests
{
    private static readonly NewProduct Valid =
        new("Jarra", "Úbeda", "Verde.\nHecha a mano.", 38_50, "EUR", 10);

    [Fact]
    public void A_complete_product_is_valid() => Assert.Empty(ProductRules.Check(Valid));

    [Fact]
    public void Every_bound_of_a_product_names_its_field()
    {
        (NewProduct Product, string Field)[] cases =
        [
            (Valid with { Name = "" }, "name"),
            (Valid with { Name = "   " }, "name"),
            (Valid with { Name = new string('a', 121) }, "name"),
            (Valid with { Name = "a\0b" }, "name"),
            (Valid with { Artisan = "" }, "artisan"),
            (Valid with { Town = "a\u0007" }, "town"),
            (Valid with { Description = new string('a', 2001) }, "description"),
            (Valid with { Description = "a\0b" }, "description"),
            (Valid with { PriceMinor = 49 }, "priceMinor"),
            (Valid with { PriceMinor = 100_000_000 }, "priceMinor"),
            (Valid with { Currency = "eur" }, "currency"),
            (Valid with { Currency = "EURO" }, "currency"),
            (Valid with { Stock = -1 }, "stock"),
            (Valid with { Stock = 1_000_001 }, "stock"),
            (Valid with { LowStockThreshold = -1 }, "lowStockThreshold"),
            (Valid with { ImageUrl = "http://example.com/a.png" }, "imageUrl"),
            (Valid with { ImageUrl = "//example.com/a.png" }, "imageUrl"),
            (Valid with { ImageUrl = "javascript:alert(1)" }, "imageUrl"),
        ];

        Assert.All(cases, wrong => Assert.Equal(
            [wrong.Field], ProductRules.Check(wrong.Product).Keys));
    }

    [Fact]
    public void All_wrong_fields_are_told_at_once() => Assert.Equal(
        ["name", "priceMinor", "stock"],
        ProductRules.Check(Valid with { Name = "", PriceMinor = 0, Stock = -1 }).Keys);

    [Fact]
    public void A_cursor_leads_back_to_its_product()
    {
        var id = Guid.CreateVersion7();

        Assert.True(PageCursor.TryDecode(PageCursor.Encode(id), out var decoded));
        Assert.Equal(id, decoded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("0123456789012345678901!")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA ")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAB")]
    public void A_foreign_cursor_is_refused(string cursor) =>
        Assert.False(PageCursor.TryDecode(cursor, out _));

    [Fact]
    public void The_demo_catalogue_keeps_its_own_rules()
    {
        Assert.All(DemoCatalogue.Products, product => Assert.Empty(
            ProductRules.Check(new NewProduct(product.Name, product.Town,
                product.Spanish + " — " + product.English, product.PriceMinor, "EUR",
                product.Stock, 5, product.Artisan))));
        Assert.Distinct(DemoCatalogue.Products.Select(product => product.Id));
        Assert.Equal(new Guid("01970000-0000-7000-8000-000000000001"),
            DemoCatalogue.Products[0].Id);
    }
}

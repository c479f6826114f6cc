using System.Text.Json;
using System.Text.Json.Serialization;
using Artesanos.Inventory.Stock;
using Artesanos.ServiceDefaults;

namespace Artesanos.Inventory.Catalog;

internal static class CatalogApi
{
    /// <summary>Anyone may look; only artisans sell.</summary>
    public static void MapCatalog(this RouteGroupBuilder products)
    {
        products.MapGet("", ListProducts.HandleAsync).AllowAnonymous();
        products.MapGet("/{id}", GetProduct.HandleAsync).AllowAnonymous();
        products.MapPost("", AddProduct.HandleAsync).RequireAuthorization(Roles.Artisan);
        products.MapPut("/{id}", UpdateProduct.HandleAsync).RequireAuthorization(Roles.Artisan);
    }
}

/// <summary>A product as shoppers see it: minor units, and pieces that can be ordered.</summary>
internal sealed record ProductView(
    Guid Id, string Name, string Artisan, string Town, string Description, long PriceMinor,
    string Currency, int Available, string? ImageUrl);

/// <summary>A page; <paramref name="Next"/> is the cursor of the one after it.</summary>
internal sealed record ProductPage(IReadOnlyList<ProductView> Items, string? Next);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ProductPage))]
[JsonSerializable(typeof(NewProduct))]
[JsonSerializable(typeof(ProductChange))]
[JsonSerializable(typeof(OwnProduct))]
[JsonSerializable(typeof(Restock))]
[JsonSerializable(typeof(StockLevel))]
internal sealed partial class CatalogJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;
using Artesanos.Inventory.Stock;
using Artesanos.ServiceDefaults;

namespace Artesanos.Inventory.Catalog;

internal static class CatalogApi
{
    private const string ProductExample = """
        {"id":"01970000-0000-7000-8000-000000000001","name":"Jarra de cerámica verde de Úbeda",
         "artisan":"Alfarería Los Ollarizos","town":"Úbeda",
         "description":"Jarra torneada y calada a mano. — Jug thrown and pierced by hand.",
         "priceMinor":3850,"currency":"EUR","available":240,"imageUrl":null}
        """;

    private const string PageExample = $$"""
        {"items":[{{ProductExample}}],"next":"AZcAAAAAcACAAAAAAAAAAQ"}
        """;

    private const string AddedExample = """
        {"id":"01a20cda-7db0-7cbb-affe-231f132e9517","name":"Botijo de Úbeda",
         "artisan":"Alfarería Ruiz","town":"Úbeda","description":"Barro blanco.",
         "priceMinor":2450,"currency":"EUR","available":12,"imageUrl":null}
        """;

    private const string OwnExample = """
        {"id":"01a20cda-7db0-7cbb-affe-231f132e9517","name":"Botijo de Úbeda",
         "artisan":"Alfarería Ruiz","town":"Úbeda","description":"Barro blanco.",
         "priceMinor":2600,"currency":"EUR","imageUrl":null,"onHand":12,"available":12,
         "lowStockThreshold":3,"lowSince":null,"version":2}
        """;

    private const string OwnPageExample = $$"""
        {"items":[{{OwnExample}}],"next":null}
        """;

    /// <summary>Anyone may look; only artisans sell.</summary>
    public static void MapCatalog(this RouteGroupBuilder products)
    {
        products.MapGet("", ListProducts.HandleAsync).AllowAnonymous()
            .WithName("ListProducts").WithSummary("What is for sale.")
            .WithDescription(
                "q finds words in name, artisan, town and description, whatever their accents "
                + "and case: \"ceramica ubeda\" finds \"Cerámica de Úbeda\". Pages of limit (1 to "
                + "100) products; cursor is the next of the page before. With If-None-Match the "
                + "answer is 304 while nothing on the page has changed.")
            .WithResponseExample(200, PageExample)
            .Produces(StatusCodes.Status304NotModified);
        products.MapGet("/{id}", GetProduct.HandleAsync).AllowAnonymous()
            .WithName("GetProduct").WithSummary("One product, with its ETag.")
            .WithResponseExample(200, ProductExample)
            .Produces(StatusCodes.Status304NotModified).WithProblem(404, "not-found");
        products.MapGet("/own", ListOwnProducts.HandleAsync)
            .RequireAuthorization(Roles.Artisan)
            .WithName("ListOwnProducts")
            .WithSummary("The caller's products with stock, thresholds and versions.")
            .WithResponseExample(200, OwnPageExample);
        products.MapPost("", AddProduct.HandleAsync).RequireAuthorization(Roles.Artisan)
            .WithName("AddProduct").WithSummary("Puts a product up for sale.")
            .WithRequestExample("""
                {"name":"Botijo de Úbeda","town":"Úbeda","description":"Barro blanco.",
                 "priceMinor":2450,"currency":"EUR","stock":12,"lowStockThreshold":3,
                 "artisan":"Alfarería Ruiz"}
                """)
            .WithResponseExample(201, AddedExample);
        products.MapPut("/{id}", UpdateProduct.HandleAsync).RequireAuthorization(Roles.Artisan)
            .WithName("UpdateProduct").WithSummary("Changes an own product.")
            .WithDescription(
                "If-Match names the ETag that the change is based on (or \"{version}-\", or *): "
                + "428 without it, 412 when the product was changed meanwhile. Orders and "
                + "restocks do not count as changes; stock comes in by a restock.")
            .WithRequestExample("""
                {"name":"Botijo de Úbeda","artisan":"Alfarería Ruiz","town":"Úbeda",
                 "description":"Barro blanco.","priceMinor":2600,"lowStockThreshold":3}
                """)
            .WithResponseExample(200, OwnExample)
            .WithProblem(404, "not-found").WithProblem(412, "version-changed")
            .WithProblem(428, "version-required");
    }
}

/// <summary>A product as shoppers see it.</summary>
/// <param name="Id">The product.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Artisan">Who made it.</param>
/// <param name="Town">Where it was made.</param>
/// <param name="Description">What it is, in Spanish and English.</param>
/// <param name="PriceMinor">One piece, in minor units of the currency.</param>
/// <param name="Currency">ISO 4217, such as EUR.</param>
/// <param name="Available">Pieces that can be ordered now.</param>
/// <param name="ImageUrl">Its picture.</param>
internal sealed record ProductView(
    Guid Id, string Name, string Artisan, string Town, string Description, long PriceMinor,
    string Currency, int Available, string? ImageUrl);

/// <summary>A page of the catalogue.</summary>
/// <param name="Items">The oldest first.</param>
/// <param name="Next">The <c>cursor</c> of the following page; null on the last one.</param>
internal sealed record ProductPage(IReadOnlyList<ProductView> Items, string? Next);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ProductPage))]
[JsonSerializable(typeof(NewProduct))]
[JsonSerializable(typeof(ProductChange))]
[JsonSerializable(typeof(OwnProduct))]
[JsonSerializable(typeof(OwnProductPage))]
[JsonSerializable(typeof(Restock))]
[JsonSerializable(typeof(StockLevel))]
internal sealed partial class CatalogJson : JsonSerializerContext;

using System.Security.Claims;
using Artesanos.Inventory.Data;
using Artesanos.Inventory.Stock;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Artesanos.Inventory.Catalog;

/// <summary>Body of <c>POST /products</c>; <see cref="ProductRules"/> has the bounds.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Town">Where it is made.</param>
/// <param name="Description">What it is.</param>
/// <param name="PriceMinor">One piece, in minor units of the currency.</param>
/// <param name="Currency">ISO 4217, such as EUR.</param>
/// <param name="Stock">Pieces in the workshop.</param>
/// <param name="LowStockThreshold">With fewer than these to order, the artisan is told.</param>
/// <param name="Artisan">Display name; the caller's subject if not given.</param>
/// <param name="ImageUrl">Its picture: an https address, or a path of this site.</param>
internal sealed record NewProduct(
    string Name, string Town, string Description, long PriceMinor, string Currency, int Stock,
    int LowStockThreshold = 5, string? Artisan = null, string? ImageUrl = null);

internal static class AddProduct
{
    /// <summary>The caller owns the product. Product and first stock share a transaction.</summary>
    public static async Task<Results<Created<ProductView>, ProblemHttpResult>> HandleAsync(
        NewProduct body, ClaimsPrincipal caller, InventoryDbContext database, TimeProvider time,
        HttpResponse response, CancellationToken ct)
    {
        var errors = ProductRules.Check(body);
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }
        var now = time.GetUtcNow();
        var product = new Product
        {
            Id = Guid.CreateVersion7(now),
            Name = body.Name,
            Artisan = body.Artisan ?? caller.Subject(),
            ArtisanSub = caller.Subject(),
            Town = body.Town,
            Description = body.Description,
            PriceMinor = body.PriceMinor,
            Currency = body.Currency,
            ImageUrl = body.ImageUrl,
            OnHand = body.Stock,
            LowStockThreshold = body.LowStockThreshold,
            // Who types both figures needs no alert about them.
            LowSince = LowStock.AfterArtisan(body.Stock, body.LowStockThreshold) ? now : null,
            CreatedAt = now,
        };
        database.Add(product);
        database.Add(new StockMovement
        {
            ProductId = product.Id,
            Delta = product.OnHand,
            Kind = StockMovement.Initial,
            At = now,
            By = product.ArtisanSub,
        });
        await database.SaveChangesAsync(ct);
        response.Headers.ETag = ProductTags.Of(product.Version, product.OnHand);
        return TypedResults.Created($"/products/{product.Id}", new ProductView(
            product.Id, product.Name, product.Artisan, product.Town, product.Description,
            product.PriceMinor, product.Currency, product.OnHand, product.ImageUrl));
    }
}

using Artesanos.Inventory.Data;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Inventory.Catalog;

internal static class GetProduct
{
    /// <summary>What is no id names no product either, so both are a 404.</summary>
    /// <param name="id">The product.</param>
    public static async Task<Results<Ok<ProductView>, StatusCodeHttpResult, ProblemHttpResult>>
        HandleAsync(string id, InventoryDbContext database, HttpContext http, CancellationToken ct)
    {
        var found = !Guid.TryParse(id, out var productId) ? null : await database.Products
            .Where(product => product.Id == productId)
            .Select(product => new
            {
                View = new ProductView(
                    product.Id, product.Name, product.Artisan, product.Town, product.Description,
                    product.PriceMinor, product.Currency, product.OnHand - product.Held,
                    product.ImageUrl),
                product.Version,
            })
            .SingleOrDefaultAsync(ct);
        if (found is null)
        {
            return Problems.NotFound("There is no such product.");
        }
        return ProductTags.IsKnown(http, ProductTags.Of(found.Version, found.View.Available))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(found.View);
    }
}

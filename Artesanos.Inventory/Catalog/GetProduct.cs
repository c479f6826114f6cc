using Artesanos.Inventory.Data;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Inventory.Catalog;

internal static class GetProduct
{
    /// <summary>What is no id names no product either, so both are a 404.</summary>
    public static async Task<Results<Ok<ProductView>, ProblemHttpResult>> HandleAsync(
        string id, InventoryDbContext database, CancellationToken ct)
    {
        var found = !Guid.TryParse(id, out var productId) ? null : await database.Products
            .Where(product => product.Id == productId)
            .Select(product => new ProductView(
                product.Id, product.Name, product.Artisan, product.Town, product.Description,
                product.PriceMinor, product.Currency, product.OnHand - product.Held,
                product.ImageUrl))
            .SingleOrDefaultAsync(ct);
        return found is null
            ? Problems.NotFound("There is no such product.")
            : TypedResults.Ok(found);
    }
}

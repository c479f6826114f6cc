using System.Security.Claims;
using Artesanos.Inventory.Data;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Inventory.Catalog;

/// <summary>A page of an artisan's products.</summary>
/// <param name="Items">The oldest first.</param>
/// <param name="Next">The <c>cursor</c> of the following page; null on the last one.</param>
internal sealed record OwnProductPage(IReadOnlyList<OwnProduct> Items, string? Next);

internal static class ListOwnProducts
{
    /// <summary>With stock, thresholds and the version that a change has to name.</summary>
    /// <param name="limit">Products on a page, 1 to 100.</param>
    /// <param name="cursor">The <c>next</c> of the page before.</param>
    public static async Task<Results<Ok<OwnProductPage>, ProblemHttpResult>> HandleAsync(
        ClaimsPrincipal caller, InventoryDbContext database, CancellationToken ct,
        int? limit = null, string? cursor = null)
    {
        var size = limit ?? ListProducts.DefaultLimit;
        if (size is < 1 or > ListProducts.MaxLimit)
        {
            return Problems.Validation("limit", $"must be between 1 and {ListProducts.MaxLimit}");
        }
        var after = Guid.Empty;
        if (cursor is not null && !PageCursor.TryDecode(cursor, out after))
        {
            return Problems.Validation("cursor", "must be the next value of a page before");
        }
        var artisan = caller.Subject();
        var items = await database.Products
            .Where(product => product.ArtisanSub == artisan && product.Id > after)
            .OrderBy(product => product.Id)
            .Take(size + 1)
            .Select(product => new OwnProduct(
                product.Id, product.Name, product.Artisan, product.Town, product.Description,
                product.PriceMinor, product.Currency, product.ImageUrl, product.OnHand,
                product.OnHand - product.Held, product.LowStockThreshold, product.LowSince,
                product.Version))
            .ToListAsync(ct);
        return TypedResults.Ok(new OwnProductPage(
            [.. items.Take(size)],
            items.Count > size ? PageCursor.Encode(items[size - 1].Id) : null));
    }
}

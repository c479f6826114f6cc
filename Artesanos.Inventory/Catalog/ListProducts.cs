using Artesanos.Inventory.Data;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Inventory.Catalog;

/// <summary>Query of <c>GET /products</c>.</summary>
/// <param name="Q">Words to search for, whatever their accents and case.</param>
/// <param name="Town">Only products of this town, as a product spells it.</param>
/// <param name="Artisan">Only products of this artisan, as a product spells the name.</param>
/// <param name="Limit">Products on a page, 1 to 100.</param>
/// <param name="Cursor">The <c>next</c> of the page before.</param>
internal sealed record ProductQuery(
    [FromQuery(Name = "q")] string? Q, [FromQuery(Name = "town")] string? Town,
    [FromQuery(Name = "artisan")] string? Artisan, [FromQuery(Name = "limit")] int? Limit,
    [FromQuery(Name = "cursor")] string? Cursor);

internal static class ListProducts
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 100;

    /// <summary>Oldest first, as ids are: a page never shifts under its reader.</summary>
    public static async Task<Results<Ok<ProductPage>, StatusCodeHttpResult, ProblemHttpResult>>
        HandleAsync(
            [AsParameters] ProductQuery query, InventoryDbContext database, HttpContext http,
            CancellationToken ct)
    {
        var after = Guid.Empty;
        var errors = Check(query);
        if (query.Cursor is not null && !PageCursor.TryDecode(query.Cursor, out after))
        {
            errors["cursor"] = ["must be the next value of a page before"];
        }
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }

        // One more than asked for tells whether there is a next page.
        var size = query.Limit ?? DefaultLimit;
        var found = await Filtered(query, database.Products)
            .Where(product => product.Id > after)
            .OrderBy(product => product.Id)
            .Take(size + 1)
            .Select(product => new
            {
                View = new ProductView(
                    product.Id, product.Name, product.Artisan, product.Town, product.Description,
                    product.PriceMinor, product.Currency, product.OnHand - product.Held,
                    product.ImageUrl),
                product.Version,
            })
            .ToListAsync(ct);
        var shown = found.Take(size).ToList();
        var page = new ProductPage(
            [.. shown.Select(product => product.View)],
            found.Count > size ? PageCursor.Encode(shown[^1].View.Id) : null);
        var tags = shown.Select(product =>
            ProductTags.Of(product.Version, product.View.Available));
        return ProductTags.IsKnown(http, ProductTags.OfPage(page, tags))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(page);
    }

    private static Dictionary<string, string[]> Check(ProductQuery query)
    {
        var errors = new Dictionary<string, string[]>();
        if (query.Limit is < 1 or > MaxLimit)
        {
            errors["limit"] = [$"must be between 1 and {MaxLimit}"];
        }
        foreach (var (field, text) in new[]
            { ("q", query.Q), ("town", query.Town), ("artisan", query.Artisan) })
        {
            if (text is not null && !ProductSearch.IsText(text))
            {
                errors[field] =
                    [$"must be 1 to {ProductSearch.TextMaxLength} printable characters"];
            }
        }
        return errors;
    }

    private static IQueryable<Product> Filtered(ProductQuery query, DbSet<Product> products)
    {
        var found = query.Q is { } text ? products.Matching(text) : products;
        if (query.Town is { } town)
        {
            found = found.Where(product => product.Town == town);
        }
        if (query.Artisan is { } artisan)
        {
            found = found.Where(product => product.Artisan == artisan);
        }
        return found;
    }
}

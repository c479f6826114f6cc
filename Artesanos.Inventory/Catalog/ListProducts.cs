using System.Buffers.Text;
using Artesanos.Inventory.Data;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Inventory.Catalog;

internal static class ListProducts
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 100;
    private const int IdBytes = 16;

    /// <summary>Oldest first, as ids are: a page never shifts under its reader.</summary>
    public static async Task<Results<Ok<ProductPage>, ProblemHttpResult>> HandleAsync(
        InventoryDbContext database, CancellationToken ct, int? limit = null,
        string? cursor = null)
    {
        var size = limit ?? DefaultLimit;
        if (size is < 1 or > MaxLimit)
        {
            return Problems.Validation("limit", $"must be between 1 and {MaxLimit}");
        }
        var after = Guid.Empty;
        if (cursor is not null && !TryDecode(cursor, out after))
        {
            return Problems.Validation("cursor", "must be the next value of a page before");
        }

        // One more than asked for tells whether there is a next page.
        var items = await database.Products
            .Where(product => product.Id > after)
            .OrderBy(product => product.Id)
            .Take(size + 1)
            .Select(product => new ProductView(
                product.Id, product.Name, product.Artisan, product.Town, product.Description,
                product.PriceMinor, product.Currency, product.OnHand - product.Held,
                product.ImageUrl))
            .ToListAsync(ct);
        if (items.Count <= size)
        {
            return TypedResults.Ok(new ProductPage(items, null));
        }
        items.RemoveAt(size);
        return TypedResults.Ok(new ProductPage(items, Encode(items[^1].Id)));
    }

    internal static string Encode(Guid id) =>
        Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));

    internal static bool TryDecode(string cursor, out Guid id)
    {
        Span<byte> bytes = stackalloc byte[IdBytes];
        id = Guid.Empty;
        if (cursor.Length != 22 || !Base64Url.IsValid(cursor)
            || !Base64Url.TryDecodeFromChars(cursor, bytes, out var written)
            || written != IdBytes)
        {
            return false;
        }
        id = new Guid(bytes, bigEndian: true);
        return true;
    }
}

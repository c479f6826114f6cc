using System.Security.Claims;
using Artesanos.Messaging.Contracts;
using Artesanos.Messaging.Outbox;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using NpgsqlTypes;

namespace Artesanos.Inventory.Catalog;

/// <summary>
/// Body of <c>PUT /products/{id}</c>: all that an artisan may change. Stock comes in by a
/// restock, and a currency stays, since what is held was priced in it.
/// </summary>
/// <param name="Name">What it is called.</param>
/// <param name="Artisan">Who makes it.</param>
/// <param name="Town">Where it is made.</param>
/// <param name="Description">What it is.</param>
/// <param name="PriceMinor">One piece, in minor units of its currency.</param>
/// <param name="LowStockThreshold">With fewer than these to order, the artisan is told.</param>
/// <param name="ImageUrl">Its picture: an https address, or a path of this site.</param>
internal sealed record ProductChange(
    string Name, string Artisan, string Town, string Description, long PriceMinor,
    int LowStockThreshold, string? ImageUrl = null);

/// <summary>A product as its artisan sees it. Stock in pieces.</summary>
/// <param name="Id">The product.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Artisan">Who makes it.</param>
/// <param name="Town">Where it is made.</param>
/// <param name="Description">What it is.</param>
/// <param name="PriceMinor">One piece, in minor units of the currency.</param>
/// <param name="Currency">ISO 4217, such as EUR.</param>
/// <param name="ImageUrl">Its picture.</param>
/// <param name="OnHand">Pieces in the workshop, held ones among them.</param>
/// <param name="Available">Pieces that can be ordered now.</param>
/// <param name="LowStockThreshold">With fewer than these to order, the artisan is told.</param>
/// <param name="LowSince">Since when it is below its threshold; null while it is not.</param>
/// <param name="Version">What a change has to name: <c>If-Match: "{version}-"</c>.</param>
internal sealed record OwnProduct(
    Guid Id, string Name, string Artisan, string Town, string Description, long PriceMinor,
    string Currency, string? ImageUrl, int OnHand, int Available, int LowStockThreshold,
    DateTimeOffset? LowSince, int Version);

internal static class UpdateProduct
{
    /// <summary>
    /// Orders already priced keep their price. <c>If-Match</c> names the ETag that the artisan saw,
    /// so that a change does not undo another one made meanwhile. A threshold lifted above what
    /// is available is a crossing like any other: it alerts, once.
    /// </summary>
    /// <param name="id">The product.</param>
    /// <param name="ifMatch">The ETag that the change is based on.</param>
    public static async Task<Results<Ok<OwnProduct>, ProblemHttpResult>> HandleAsync(
        string id, ProductChange body, [FromHeader(Name = "If-Match")] string? ifMatch,
        ClaimsPrincipal caller, NpgsqlDataSource database, Outbox outbox, TimeProvider time,
        HttpResponse response, CancellationToken ct)
    {
        var errors = ProductRules.Check(body);
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }
        if (string.IsNullOrEmpty(ifMatch))
        {
            return Problems.Of(StatusCodes.Status428PreconditionRequired, "version-required",
                "Name the ETag that the change is based on in If-Match.");
        }
        if (!Guid.TryParse(id, out var productId))
        {
            return NoSuchProduct();
        }
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await LockAsync(transaction, productId, caller.Subject(), ct) is not { } version)
        {
            return NoSuchProduct();
        }
        if (ProductTags.VersionOf(ifMatch) is not { } based
            || (based != ProductTags.AnyVersion && based != version))
        {
            return Problems.Of(StatusCodes.Status412PreconditionFailed, "version-changed",
                "The product was changed meanwhile: read it again.");
        }
        await using var update = Update(productId, body, caller.Subject(), now);
        (update.Connection, update.Transaction) = (connection, transaction);
        var (product, crossed) = await ReadAsync(update, body, ct);
        await using var writes = new NpgsqlBatch(connection, transaction);
        var alert = new LowStockAlert(product.Id, product.Name, caller.Subject(),
            product.Available, product.LowStockThreshold);
        await outbox.CommitAsync(
            writes, crossed ? [OutboxMessage.From(alert, now)] : [], ct);
        response.Headers.ETag = ProductTags.Of(product.Version, product.Available);
        return TypedResults.Ok(product);
    }

    /// <returns>The version of the artisan's product, null when there is none.</returns>
    private static async Task<int?> LockAsync(
        NpgsqlTransaction transaction, Guid id, string artisan, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "SELECT version FROM products WHERE id = $1 AND artisan_sub = $2 FOR UPDATE",
            transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = artisan });
        return (int?)await command.ExecuteScalarAsync(ct);
    }

    private static ProblemHttpResult NoSuchProduct() =>
        Problems.NotFound("You have no such product.");

    /// <summary>The row is locked already, so the flag before is the one that stands.</summary>
    private static NpgsqlCommand Update(
        Guid id, ProductChange body, string artisan, DateTimeOffset now) =>
        new("""
            UPDATE products SET name = $3, artisan = $4, town = $5, description = $6,
                price_minor = $7, low_stock_threshold = $8, image_url = $9,
                version = products.version + 1,
                low_since = CASE WHEN on_hand - held < $8
                    THEN coalesce(products.low_since, $10) END
            FROM (SELECT id, low_since FROM products
                  WHERE id = $1 AND artisan_sub = $2) AS before
            WHERE products.id = before.id
            RETURNING currency, on_hand, on_hand - held, products.low_since,
                before.low_since IS NULL AND products.low_since IS NOT NULL,
                products.version
            """)
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = artisan },
                new() { Value = body.Name },
                new() { Value = body.Artisan },
                new() { Value = body.Town },
                new() { Value = body.Description },
                new() { Value = body.PriceMinor },
                new() { Value = body.LowStockThreshold },
                new()
                {
                    Value = (object?)body.ImageUrl ?? DBNull.Value,
                    NpgsqlDbType = NpgsqlDbType.Text,
                },
                new() { Value = now },
            },
        };

    private static async Task<(OwnProduct Product, bool Crossed)> ReadAsync(
        NpgsqlCommand update, ProductChange body, CancellationToken ct)
    {
        await using var row = await update.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var lowSince = row.IsDBNull(3) ? (DateTimeOffset?)null
            : row.GetFieldValue<DateTimeOffset>(3);
        var product = new OwnProduct((Guid)update.Parameters[0].Value!, body.Name, body.Artisan,
            body.Town, body.Description, body.PriceMinor, row.GetString(0), body.ImageUrl,
            row.GetInt32(1), row.GetInt32(2), body.LowStockThreshold, lowSince, row.GetInt32(5));
        return (product, row.GetBoolean(4));
    }
}

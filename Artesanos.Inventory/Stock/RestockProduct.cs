using System.Security.Claims;
using Artesanos.Inventory.Data;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Artesanos.Inventory.Stock;

/// <summary>Body of <c>POST /products/{id}/restock</c>: pieces that came in.</summary>
/// <param name="Quantity">Pieces, 1 to 100000.</param>
internal sealed record Restock(int Quantity);

/// <summary>Pieces in the workshop, and those of them that can be ordered now.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="OnHand">Pieces in the workshop, held ones among them.</param>
/// <param name="Available">Pieces that can be ordered now.</param>
internal sealed record StockLevel(Guid ProductId, int OnHand, int Available);

/// <summary>Pieces.</summary>
internal static class StockBounds
{
    public const int InitialMax = 1_000_000;
    public const int RestockMax = 100_000;

    /// <summary>Keeps the counters far from overflow.</summary>
    public const int OnHandMax = 100_000_000;
}

internal static class RestockProduct
{
    public static void MapRestock(this RouteGroupBuilder products) =>
        products.MapPost("/{id:guid}/restock", HandleAsync).RequireAuthorization(Roles.Artisan)
            .WithName("RestockProduct").WithSummary("Adds pieces to an own product.")
            .WithRequestExample("""{"quantity":10}""")
            .WithResponseExample(200, """
                {"productId":"01a20cda-7db0-7cbb-affe-231f132e9517","onHand":22,"available":22}
                """)
            .WithProblem(404, "not-found").WithProblem(409, "stock-limit");

    /// <summary>
    /// One statement: the counter and its movement, or neither. A restock that lifts the stock
    /// to its threshold makes room for the next alert (<see cref="LowStock"/>).
    /// </summary>
    /// <param name="id">The product.</param>
    private static async Task<Results<Ok<StockLevel>, ProblemHttpResult>> HandleAsync(
        Guid id, Restock body, ClaimsPrincipal caller, NpgsqlDataSource database,
        TimeProvider time, CancellationToken ct)
    {
        if (body.Quantity is < 1 or > StockBounds.RestockMax)
        {
            return Problems.Validation(
                "quantity", $"must be between 1 and {StockBounds.RestockMax} (pieces)");
        }
        await using var command = database.CreateCommand(
            """
            WITH own AS (
                SELECT id FROM products WHERE id = $1 AND artisan_sub = $2 FOR UPDATE),
            restocked AS (
                UPDATE products SET on_hand = on_hand + $3,
                    low_since = CASE WHEN on_hand + $3 - held < low_stock_threshold
                        THEN low_since END
                FROM own WHERE products.id = own.id AND on_hand <= $4 - $3
                RETURNING products.id, on_hand, on_hand - held AS available),
            moved AS (
                INSERT INTO stock_movements (product_id, delta, kind, at, by)
                SELECT id, $3, $5, $6, $2 FROM restocked)
            SELECT restocked.on_hand, restocked.available FROM own LEFT JOIN restocked USING (id)
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = caller.Subject() });
        command.Parameters.Add(new() { Value = body.Quantity });
        command.Parameters.Add(new() { Value = StockBounds.OnHandMax });
        command.Parameters.Add(new() { Value = StockMovement.Restock });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
        {
            return Problems.NotFound("You have no such product.");
        }
        return await reader.IsDBNullAsync(0, ct)
            ? Problems.Conflict(
                "stock-limit", $"A product has at most {StockBounds.OnHandMax} pieces on hand.")
            : TypedResults.Ok(new StockLevel(id, reader.GetInt32(0), reader.GetInt32(1)));
    }
}

namespace Artesanos.Inventory.Data;

/// <summary>What an artisan sells. Available is what is on hand and not held.</summary>
internal sealed class Product
{
    public Guid Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Display name of who makes it.</summary>
    public required string Artisan { get; init; }

    /// <summary>Subject of the artisan's tokens, who alone may change the product.</summary>
    public required string ArtisanSub { get; init; }
    public required string Town { get; init; }
    public required string Description { get; init; }
    public long PriceMinor { get; init; }
    public required string Currency { get; init; }
    public string? ImageUrl { get; init; }

    /// <summary>Pieces in the workshop, held ones included.</summary>
    public int OnHand { get; init; }

    /// <summary>Pieces held for orders that are not paid yet.</summary>
    public int Held { get; init; }
    public int LowStockThreshold { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>
/// Pieces that came in. What went out stands in the committed reservations, so that
/// on hand = initial + restocked − sold can be checked at any time.
/// </summary>
internal sealed class StockMovement
{
    public const string Initial = "INITIAL";
    public const string Restock = "RESTOCK";

    public long Id { get; init; }
    public Guid ProductId { get; init; }
    public int Delta { get; init; }
    public required string Kind { get; init; }
    public DateTimeOffset At { get; init; }
    public required string By { get; init; }
}

/// <summary>One row per order, for ever: late commands must find the outcome.</summary>
internal sealed class ReservationRow
{
    public Guid OrderId { get; init; }
    public required string State { get; init; }
    public required string Lines { get; init; }
    public required string Missing { get; init; }
    public long TotalMinor { get; init; }
    public string? Currency { get; init; }
    public DateTimeOffset? ReservedUntil { get; init; }
    public string? Reason { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

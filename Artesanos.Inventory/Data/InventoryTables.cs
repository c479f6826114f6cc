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

    /// <summary>Fewer available pieces than this are low; 0 switches the alert off.</summary>
    public int LowStockThreshold { get; init; }

    /// <summary>Since when the artisan knows that stock is low; null while it is not.</summary>
    public DateTimeOffset? LowSince { get; init; }

    /// <summary>Raised by each change of the artisan, not by stock.</summary>
    public int Version { get; init; } = 1;
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

/// <summary>
/// An alert owed to one channel: written in the transaction that received the alert, and due
/// until it is sent or given up.
/// </summary>
internal sealed class NotificationRow
{
    public const string Pending = "PENDING";
    public const string Sent = "SENT";
    public const string Abandoned = "ABANDONED";

    /// <summary>Id of the message that raised the alert.</summary>
    public Guid AlertId { get; init; }
    public required string Channel { get; init; }
    public Guid ProductId { get; init; }
    public required string ProductName { get; init; }
    public string? ArtisanSub { get; init; }
    public int Available { get; init; }
    public int Threshold { get; init; }
    public required string Status { get; init; }

    /// <summary>Tries begun, the one that succeeded included.</summary>
    public int Attempts { get; init; }
    public string? LastError { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// Nobody touches it before: the end of a lease, or of a delay after a failure.
    /// </summary>
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset? SentAt { get; init; }
}

namespace Artesanos.Messaging.Contracts;

/// <summary>Command <c>inventory.commands.reserve</c>: hold all lines or none, and price them.</summary>
public sealed record ReserveInventory(Guid OrderId, IReadOnlyList<OrderLine> Lines);

/// <summary>Command <c>inventory.commands.commit</c>: the order is paid, sell what is held.</summary>
public sealed record CommitInventory(Guid OrderId);

/// <summary>Command <c>inventory.commands.release</c>: give back what is held; always answered.</summary>
public sealed record ReleaseInventory(Guid OrderId, string Reason);

/// <summary>Event <c>inventory.reserved</c>: everything is held until <see cref="ReservedUntil"/>.</summary>
public sealed record InventoryReserved(
    Guid OrderId, IReadOnlyList<PricedLine> Lines, long TotalMinor, string Currency,
    DateTimeOffset ReservedUntil);

/// <summary>
/// Event <c>inventory.out_of_stock</c>: nothing is held. <see cref="Reason"/> is
/// <c>out_of_stock</c>, <c>unknown_product</c> or <c>mixed_currencies</c>.
/// </summary>
public sealed record InventoryOutOfStock(Guid OrderId, string Reason, IReadOnlyList<ShortLine> Missing);

/// <summary>What was short: pieces asked for and pieces available.</summary>
public sealed record ShortLine(Guid ProductId, int Requested, int Available);

/// <summary>Event <c>inventory.committed</c>: the held pieces are sold.</summary>
public sealed record InventoryCommitted(Guid OrderId);

/// <summary>Event <c>inventory.commit_rejected</c>: the hold had expired and the stock is gone.</summary>
public sealed record InventoryCommitRejected(Guid OrderId);

/// <summary>
/// Event <c>inventory.released</c>: nothing is held any more. <see cref="Reason"/> is
/// <c>compensated</c> (asked for) or <c>expired</c> (the hold ran out).
/// </summary>
public sealed record InventoryReleased(Guid OrderId, string Reason)
{
    public const string Compensated = "compensated";
    public const string Expired = "expired";
}

/// <summary>
/// Event <c>inventory.low_stock</c>: fewer pieces can be ordered than the artisan wants to keep.
/// Told once, and again only after the stock had recovered. Its key is the product.
/// </summary>
/// <param name="ArtisanSub">Subject of the artisan's tokens, or null if nobody owns it.</param>
/// <param name="Available">Pieces that could be ordered right after the change.</param>
public sealed record LowStockAlert(
    Guid ProductId, string Name, string? ArtisanSub, int Available, int Threshold);

namespace Artesanos.Messaging.Contracts;

/// <summary>A line as the shopper ordered it. Quantity in pieces, 1–1000.</summary>
public sealed record OrderLine(Guid ProductId, int Quantity);

/// <summary>A line priced by Inventory. Money in minor units of the order's currency.</summary>
public sealed record PricedLine(Guid ProductId, string Name, int Quantity, long UnitPriceMinor);

/// <summary>Event <c>orders.created</c>: an order was placed and its stock is being reserved.</summary>
public sealed record OrderCreated(
    Guid OrderId, string CustomerId, IReadOnlyList<OrderLine> Lines, DateTimeOffset PlacedAt);

/// <summary>Event <c>orders.confirmed</c>: paid, and the stock is sold.</summary>
public sealed record OrderConfirmed(
    Guid OrderId, string CustomerId, IReadOnlyList<PricedLine> Lines, long TotalMinor, string Currency);

/// <summary>Event <c>orders.cancelled</c>: the shopper or an operator asked; nothing is held or charged.</summary>
public sealed record OrderCancelled(Guid OrderId, string CustomerId, string Reason);

/// <summary>Event <c>orders.failed</c>: it could not be completed; nothing is held or charged.</summary>
public sealed record OrderFailed(Guid OrderId, string CustomerId, string Reason);

namespace Artesanos.Orders.Saga;

/// <summary>Where an order stands; COMPENSATING is split into its two steps.</summary>
internal enum SagaState
{
    Started,
    StockReserved,
    PaymentPending,
    Confirming,
    CompensatingPayment,
    CompensatingStock,
    Completed,
    Cancelled,
    Failed,
}

/// <summary>
/// The saga of one order, as its row holds it. Money in minor units of <see cref="Currency"/>;
/// prices, total and currency are unknown until Inventory has priced the reservation.
/// </summary>
internal sealed record OrderSaga
{
    public required Guid OrderId { get; init; }
    public required string CustomerId { get; init; }
    public required SagaState State { get; init; }

    /// <summary>Why it is being undone, or was: <see cref="Reasons"/>.</summary>
    public string? Reason { get; init; }
    public required IReadOnlyList<OrderedLine> Lines { get; init; }
    public long? ExpectedTotalMinor { get; init; }
    public long? TotalMinor { get; init; }
    public string? Currency { get; init; }
    public string? PaymentMethodId { get; init; }
    public DateTimeOffset? ReservedUntil { get; init; }

    /// <summary>
    /// When the saga acts on its own if no answer has come; null when it waits for none.
    /// </summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>How often the pending command was sent again in this state.</summary>
    public int Resends { get; init; }

    /// <summary>A charge arrived after the order had ended and is not given back yet.</summary>
    public bool RefundOwed { get; init; }

    /// <summary>Since when an answer is so late that an operator should look.</summary>
    public DateTimeOffset? StuckSince { get; init; }

    /// <summary>Rows of history so far; the next one has this number plus one.</summary>
    public int Version { get; init; }
    public string? TraceParent { get; init; }
    public DateTimeOffset PlacedAt { get; init; }

    /// <summary>When it came into <see cref="State"/>; for metrics, decides nothing.</summary>
    public DateTimeOffset StateSince { get; init; }
}

/// <summary>A line of the order; name and price are Inventory's.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="Name">What the product was called when it was reserved; null before.</param>
/// <param name="UnitPriceMinor">One piece, in minor units; null until it is reserved.</param>
internal sealed record OrderedLine(
    Guid ProductId, int Quantity, string? Name = null, long? UnitPriceMinor = null);

/// <summary>The shopper or an operator wants the order cancelled.</summary>
internal sealed record CancelAsked(string Reason);

/// <summary>An operator wants the command of a stuck saga sent again now.</summary>
internal sealed record RetryAsked;

/// <summary>The saga's own deadline has passed.</summary>
internal sealed record DeadlinePassed;

/// <summary>Values of an order's <c>reason</c>. Some come from Inventory as they are.</summary>
internal static class Reasons
{
    public const string CancelledByCustomer = "cancelled_by_customer";
    public const string CancelledByOperator = "cancelled_by_operator";
    public const string PriceChanged = "price_changed";
    public const string ReserveTimeout = "reserve_timeout";
    public const string PaymentTimeout = "payment_timeout";
    public const string PaymentFailed = "payment_failed";
    public const string PaymentCancelled = "payment_cancelled";
    public const string HoldExpired = "hold_expired";
    public const string StockLost = "stock_lost";

    public static bool IsCancellation(string? reason) =>
        reason is CancelledByCustomer or CancelledByOperator;
}

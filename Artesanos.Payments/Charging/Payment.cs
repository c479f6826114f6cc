namespace Artesanos.Payments.Charging;

/// <summary>
/// The payment of one order: its row. <see cref="NextTryAt"/> says when a call to Stripe is due;
/// whoever makes it holds the row by moving that moment ahead (a lease). Null: nothing is due.
/// </summary>
internal sealed record Payment
{
    public required Guid OrderId { get; init; }

    /// <summary>Whose payment it is; empty in a tombstone, which no one may read.</summary>
    public required string CustomerId { get; init; }
    public required long AmountMinor { get; init; }

    /// <summary>ISO 4217, upper case; empty in a tombstone.</summary>
    public required string Currency { get; init; }

    /// <summary>
    /// Confirm on the server with this one; null: the shopper's browser confirms.
    /// </summary>
    public string? PaymentMethodId { get; init; }

    /// <summary>Part of every idempotency key; raised only when a key can answer no more.</summary>
    public int Attempt { get; init; } = 1;
    public required PaymentStatus Status { get; init; }
    public string? IntentId { get; init; }

    /// <summary>Permanent: once asked for, the payment can only be undone.</summary>
    public bool CancelWanted { get; init; }
    public string? CancelReason { get; init; }
    public string? FailureReason { get; init; }

    /// <summary>The refund under way; its id is the idempotency key of the call.</summary>
    public Guid? RefundId { get; init; }
    public DateTimeOffset? PayBy { get; init; }
    public DateTimeOffset? NextTryAt { get; init; }

    /// <summary>Calls without a usable answer since the last step forward.</summary>
    public int Tries { get; init; }

    /// <summary>W3C trace context of the order, continued by every call.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Counts the changes; tells which of two copies in memory is the newer one.</summary>
    public int Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The call to Stripe that the row waits for, or null.</summary>
    public StripeCall? DueCall => NextTryAt is null ? null : Status switch
    {
        PaymentStatus.Creating => StripeCall.CreateIntent,
        PaymentStatus.Open => CancelWanted ? StripeCall.CancelIntent : StripeCall.ConfirmIntent,
        PaymentStatus.Processing => CancelWanted ? StripeCall.CancelIntent : StripeCall.FetchIntent,
        PaymentStatus.Declined => StripeCall.CancelIntent,
        PaymentStatus.Refunding => StripeCall.CreateRefund,
        PaymentStatus.RefundPending => StripeCall.FetchRefund,
        _ => null,
    };
}

/// <summary>The calls a payment can wait for.</summary>
internal enum StripeCall
{
    CreateIntent, ConfirmIntent, CancelIntent, FetchIntent, CreateRefund, FetchRefund,
}

/// <summary>
/// A refund owed for a payment. A failed one is replaced by the next, never dropped.
/// </summary>
internal sealed record Refund
{
    public required Guid Id { get; init; }
    public required Guid OrderId { get; init; }
    public required long AmountMinor { get; init; }
    public required string Currency { get; init; }
    public required RefundStatus Status { get; init; }
    public string? StripeRefundId { get; init; }
    public string? FailureReason { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

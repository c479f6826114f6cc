namespace Artesanos.Payments.Disputes;

/// <summary>
/// A cardholder's complaint to the bank, as Stripe last told of it. An operator answers it in
/// Stripe's dashboard; the order and its payment stay as they are.
/// </summary>
internal sealed class Dispute
{
    /// <summary>Stripe's, <c>du_…</c> or <c>dp_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Null when its intent is not one of ours.</summary>
    public Guid? OrderId { get; init; }
    public string? IntentId { get; init; }
    public string? ChargeId { get; init; }
    public required long AmountMinor { get; init; }

    /// <summary>ISO 4217, upper case.</summary>
    public required string Currency { get; init; }

    /// <summary>Stripe's reason, an open enum: fraudulent, product_not_received …</summary>
    public required string Reason { get; init; }

    /// <summary>Stripe's status, an open enum: needs_response, under_review, won, lost …</summary>
    public required string Status { get; init; }

    /// <summary>It has ended; nothing opens it again.</summary>
    public required bool IsClosed { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When what is told here happened at Stripe.</summary>
    public required DateTimeOffset AsOf { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A dispute as it was when Stripe sent it.</summary>
/// <param name="Currency">Lower case, as Stripe spells it.</param>
/// <param name="AsOf">When the event was created; orders two events of one dispute.</param>
internal sealed record DisputeSeen(
    string Id, string? IntentId, string? ChargeId, long AmountMinor, string Currency,
    string Reason, string Status, DateTimeOffset OpenedAt, DateTimeOffset AsOf)
{
    public bool IsClosed => Status is "won" or "lost" or "warning_closed" or "prevented";
}

using System.Text.Json;

namespace Artesanos.Audit;

internal sealed record OrderFact(
    Guid Id, string Status, string? Step, long? TotalMinor, string? Currency, bool RefundOwed,
    bool Stuck, int Version, DateTimeOffset? Deadline)
{
    public bool HasEnded => Status is "COMPLETED" or "CANCELLED" or "FAILED";
    public bool IsUndone => Status is "CANCELLED" or "FAILED";
}

internal sealed record HistoryFact(
    Guid OrderId, int Version, string Status, string? Step, string Effect);

internal sealed record PaymentFact(Guid OrderId, string Status, long AmountMinor, string Currency);

internal sealed record ReservationFact(Guid OrderId, string State, JsonElement Lines)
{
    public bool IsLive => State == "HELD";
    public bool IsSold => State == "COMMITTED";

    /// <summary>Pieces by product.</summary>
    public IEnumerable<(Guid Product, int Quantity)> Pieces() => Lines.EnumerateArray().Select(
        line => (line.GetProperty("productId").GetGuid(), line.GetProperty("quantity").GetInt32()));
}

internal sealed record ProductFact(Guid Id, int OnHand, int Held, long Received);

/// <param name="MovedAt">When it was published, or else written.</param>
internal sealed record MessageFact(
    Guid Id, Guid Key, string Subject, bool Published, DateTimeOffset MovedAt);

/// <summary>What Stripe says of an order, in minor units.</summary>
internal sealed record LedgerFact(
    Guid OrderId, long ChargedMinor, long RefundedMinor, int Charges, bool Payable);

/// <summary>One service's messages: sent, handled, and put aside for an operator.</summary>
internal sealed record Mailbox(
    IReadOnlyList<MessageFact> Sent, HashSet<Guid> Handled, HashSet<Guid> DeadLetters);

internal sealed record Facts(
    Dictionary<Guid, OrderFact> Orders, ILookup<Guid, HistoryFact> History,
    Dictionary<Guid, PaymentFact> Payments, Dictionary<Guid, ReservationFact> Reservations,
    IReadOnlyList<ProductFact> Products, Mailbox OrdersMail, Mailbox PaymentsMail,
    Mailbox InventoryMail, Dictionary<Guid, LedgerFact>? Ledger)
{
    /// <summary>The moment of the snapshots.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>
    /// How long a step may be on its way; null when the system is said to be quiet.
    /// </summary>
    public TimeSpan? Bound { get; init; }

    /// <summary>Whether what was due, or sent, at this time may still be under way.</summary>
    public bool IsUnderWay(DateTimeOffset since) => Bound is { } bound && ReadAt - since <= bound;
}

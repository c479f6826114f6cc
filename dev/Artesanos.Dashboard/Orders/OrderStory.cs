namespace Artesanos.Dashboard.Orders;

/// <summary>Everything the three services know about one order.</summary>
public sealed record OrderStory
{
    public required OrderRow Order { get; init; }
    public required IReadOnlyList<HistoryRow> History { get; init; }

    /// <summary>In order of time.</summary>
    public required IReadOnlyList<MessageRow> Messages { get; init; }
    public PaymentRow? Payment { get; init; }
    public IReadOnlyList<RefundRow> Refunds { get; init; } = [];
    public IReadOnlyList<StripeEventRow> StripeEvents { get; init; } = [];
    public HoldRow? Hold { get; init; }

    /// <summary>Databases that did not answer, and why.</summary>
    public required IReadOnlyDictionary<string, string> Unread { get; init; }
}

/// <summary>The saga's row. Money in minor units.</summary>
public sealed record OrderRow(
    Guid Id, string CustomerId, string Status, string? Step, string? Reason, string Lines,
    long? ExpectedTotalMinor, long? TotalMinor, string? Currency, DateTimeOffset? ReservedUntil,
    DateTimeOffset? Deadline, int Resends, bool RefundOwed, DateTimeOffset? StuckSince,
    string? TraceParent, DateTimeOffset PlacedAt)
{
    /// <summary>As the saga's states are named: COMPENSATING/payment.</summary>
    public string State => Step is null ? Status : $"{Status}/{Step}";

    public bool HasEnded => Status is "COMPLETED" or "CANCELLED" or "FAILED";

    /// <summary>The second part of a W3C trace context.</summary>
    public string? TraceId => TraceParent?.Split('-') is [_, var id, ..] ? id : null;
}

/// <summary>What met the saga, and what became of it: MOVED, RESENT or IGNORED.</summary>
public sealed record HistoryRow(
    int Version, string State, string Effect, string Cause, Guid? MessageId, string? AskedBy,
    DateTimeOffset At);

/// <summary>A message of the order, from its outbox to the inboxes.</summary>
public sealed record MessageRow(
    Guid Id, string From, string Subject, string Payload, DateTimeOffset CreatedAt,
    DateTimeOffset? PublishedAt)
{
    public IReadOnlyList<Handled> Handled { get; init; } = [];
    public DeadLetterRow? DeadLetter { get; init; }
}

public sealed record Handled(string By, DateTimeOffset At);

public sealed record DeadLetterRow(
    Guid Id, string At, string Subject, string Payload, string Error, int Attempts,
    DateTimeOffset FailedAt, string Status);

public sealed record PaymentRow(
    string Status, long AmountMinor, string Currency, string? IntentId, int Attempt, int Tries,
    string? PaymentMethodId, bool CancelWanted, string? CancelReason, string? FailureReason,
    DateTimeOffset? PayBy, DateTimeOffset? NextTryAt, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

public sealed record RefundRow(
    Guid Id, string Status, long AmountMinor, string Currency, string? StripeRefundId,
    string? FailureReason, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

public sealed record StripeEventRow(
    string Id, string Type, DateTimeOffset ReceivedAt, DateTimeOffset? ProcessedAt, int Tries);

public sealed record HoldRow(
    string State, string Lines, string Missing, long TotalMinor, string? Currency,
    DateTimeOffset? ReservedUntil, string? Reason, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

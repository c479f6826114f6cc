namespace Artesanos.Messaging.Contracts;

/// <summary>
/// Command <c>payments.commands.process</c>: charge the order once. With a payment method the
/// intent is confirmed on the server; without one the shopper's browser confirms it.
/// </summary>
public sealed record ProcessPayment(
    Guid OrderId, string CustomerId, long AmountMinor, string Currency, string? PaymentMethodId,
    DateTimeOffset PayBy);

/// <summary>Command <c>payments.commands.cancel</c>: cancel what is not paid, refund what is.</summary>
public sealed record CancelPayment(Guid OrderId, string Reason);

/// <summary>Event <c>payments.pending</c>: the intent exists. Never carries the client secret.</summary>
public sealed record PaymentPending(Guid OrderId, string PaymentIntentId);

/// <summary>Event <c>payments.succeeded</c>: the money is charged.</summary>
public sealed record PaymentSucceeded(
    Guid OrderId, string PaymentIntentId, long AmountMinor, string Currency);

/// <summary>Event <c>payments.failed</c>: not charged, and the intent can no longer be paid.</summary>
public sealed record PaymentFailed(Guid OrderId, string Reason);

/// <summary>Event <c>payments.cancelled</c>: not charged, and the intent can no longer be paid.</summary>
public sealed record PaymentCancelled(Guid OrderId, string Reason);

/// <summary>Event <c>payments.refunded</c>: the charge was given back in full.</summary>
public sealed record PaymentRefunded(Guid OrderId, long AmountMinor, string Currency);

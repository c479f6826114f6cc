namespace Artesanos.Payments.Charging;

/// <summary>
/// Where a payment stands. Spelled in the database and the API as in the comments.
/// </summary>
internal enum PaymentStatus
{
    /// <summary>CREATING: stored, the intent is being created.</summary>
    Creating,

    /// <summary>OPEN: the intent exists and can be paid.</summary>
    Open,

    /// <summary>PROCESSING: confirmed, Stripe does not know the outcome yet.</summary>
    Processing,

    /// <summary>DECLINED: finally; the intent is being cancelled before anyone is told.</summary>
    Declined,

    /// <summary>SUCCEEDED: charged.</summary>
    Succeeded,

    /// <summary>REFUNDING: charged, and the refund is owed.</summary>
    Refunding,

    /// <summary>REFUND_PENDING: Stripe took the refund, the bank has not answered.</summary>
    RefundPending,

    /// <summary>REFUNDED: the charge was given back.</summary>
    Refunded,

    /// <summary>CANCELLED: not charged, and no intent can be paid.</summary>
    Cancelled,

    /// <summary>FAILED: declined or refused, and no intent can be paid.</summary>
    Failed,

    /// <summary>
    /// QUARANTINED: Stripe's charge is not ours as it stands; an operator decides.
    /// </summary>
    Quarantined,
}

/// <summary>PENDING, SUCCEEDED or FAILED.</summary>
internal enum RefundStatus
{
    Pending, Succeeded, Failed,
}

internal static class StatusSpelling
{
    private static readonly Dictionary<PaymentStatus, string> Payments =
        Enum.GetValues<PaymentStatus>().ToDictionary(
            status => status,
            status => status == PaymentStatus.RefundPending
                ? "REFUND_PENDING" : status.ToString().ToUpperInvariant());

    private static readonly Dictionary<string, PaymentStatus> PaymentsByText =
        Payments.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    public static string Text(this PaymentStatus status) => Payments[status];

    public static string Text(this RefundStatus status) => status.ToString().ToUpperInvariant();

    public static PaymentStatus ToPaymentStatus(string text) => PaymentsByText[text];

    public static RefundStatus ToRefundStatus(string text) =>
        Enum.Parse<RefundStatus>(text, ignoreCase: true);
}

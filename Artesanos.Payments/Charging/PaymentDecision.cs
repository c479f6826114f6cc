namespace Artesanos.Payments.Charging;

/// <summary>What follows from a row and a message or a fact.</summary>
/// <param name="Payment">The row as it is to be stored.</param>
/// <param name="Messages">To be published with it.</param>
internal sealed record PaymentDecision(Payment Payment, params IReadOnlyList<object> Messages)
{
    /// <summary>The due call follows at once, made by whoever stored this decision.</summary>
    public bool CallNow { get; init; }

    /// <summary>Refunds to be stored: one newly owed, or one that changed.</summary>
    public IReadOnlyList<Refund> Refunds { get; init; } = [];

    /// <summary>Something an operator has to look at, or null.</summary>
    public PaymentAlert? Alert { get; init; }
}

/// <summary>Why an operator is called; the labels of the metric.</summary>
internal enum PaymentAlert
{
    /// <summary>A success whose order, amount, currency or mode is not the payment's.</summary>
    Mismatch,

    /// <summary>Paid although it was cancelled or had failed.</summary>
    LateSuccess,

    /// <summary>A refund was refused or failed; the next one is tried.</summary>
    RefundFailed,

    /// <summary>Stripe has gone without a usable answer for many tries.</summary>
    Unanswered,

    /// <summary>Refunded without our asking.</summary>
    ForeignRefund,

    /// <summary>Stripe refuses what it must not refuse, such as a cancel.</summary>
    Refused,

    /// <summary>A cancel was asked for a payment in quarantine.</summary>
    CancelInQuarantine,
}

/// <summary>What decisions need to know besides row and input.</summary>
/// <param name="LiveMode">The mode a success must have been made in.</param>
/// <param name="CallLease">How long a call may take before another process makes it again.</param>
/// <param name="MaxRetryDelay">Cap of the growing delay between calls.</param>
/// <param name="MaxTransientDeclines">Declines such as lock_timeout before they are final.</param>
internal sealed record PaymentRules(
    bool LiveMode, TimeSpan CallLease, TimeSpan MaxRetryDelay, int MaxTransientDeclines);

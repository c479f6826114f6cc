using Artesanos.StripeSimulator.PaymentIntents;
using Artesanos.StripeSimulator.Refunds;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Charges;

/// <summary>One attempt to take an intent's amount from a card, failed or not. Read and changed
/// under the account's lock only.</summary>
internal sealed class Charge(PaymentIntent intent, PaymentMethod method, long created)
    : IStripeObject
{
    public string Id { get; } = StripeIds.Charge();

    /// <summary>What the card network calls it.</summary>
    public long NetworkTransactionId { get; } = StripeIds.NetworkTransaction();

    public long Created { get; } = created;
    public PaymentIntent Intent { get; } = intent;
    public PaymentMethod PaymentMethod { get; } = method;

    // As they were when the card was charged; the intent's may change afterwards.
    public long Amount { get; } = intent.Amount;
    public string Currency { get; } = intent.Currency;
    public string? Description { get; } = intent.Description;
    public IReadOnlyDictionary<string, string> Metadata { get; } = intent.Metadata;
    public string? ReceiptEmail { get; } = intent.ReceiptEmail;
    public string? StatementDescriptorSuffix { get; } = intent.StatementDescriptorSuffix;
    public string? TransferGroup { get; } = intent.TransferGroup;

    public Decline? Failure { get; set; }
    public bool Authenticated { get; init; }
    public long AmountCaptured { get; set; }
    public bool Captured { get; set; }
    public bool IsPending { get; set; }
    public bool Disputed { get; set; }
    public string? BalanceTransactionId { get; set; }
    public List<Refund> Refunds { get; } = [];

    public string Status =>
        Failure is not null ? "failed" : IsPending ? "pending" : "succeeded";

    /// <summary>What has been given back, or is on its way.</summary>
    public long AmountRefunded =>
        Refunds.Where(refund => refund.Counts).Sum(refund => refund.Amount);

    /// <summary>All given back, or an authorization released.</summary>
    public bool Refunded =>
        AmountRefunded > 0 && AmountRefunded >= (Captured ? AmountCaptured : Amount);

    public long Refundable => (Captured ? AmountCaptured : 0) - AmountRefunded;
}

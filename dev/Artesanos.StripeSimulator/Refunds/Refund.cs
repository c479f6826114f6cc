using Artesanos.StripeSimulator.Charges;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Refunds;

/// <summary>Money on its way back. Read and changed under the account's lock only.</summary>
internal sealed class Refund(Charge charge, long amount, long created) : IStripeObject
{
    public string Id { get; } = StripeIds.Refund();
    public long Created { get; } = created;
    public Charge Charge { get; } = charge;
    public long Amount { get; } = amount;
    public string BalanceTransactionId { get; } = StripeIds.BalanceTransaction();

    public required string Status { get; set; }
    public string? Reason { get; init; }
    public string? InstructionsEmail { get; init; }
    /// <summary>By which the bank finds it, once it has told.</summary>
    public string? Reference { get; set; }

    public string? FailureReason { get; set; }
    public string? FailureBalanceTransactionId { get; set; }
    public IReadOnlyDictionary<string, string> Metadata { get; set; } =
        new Dictionary<string, string>();

    /// <summary>A failed or canceled refund gives the money back to the merchant.</summary>
    public bool Counts => Status is "succeeded" or "pending" or "requires_action";
}

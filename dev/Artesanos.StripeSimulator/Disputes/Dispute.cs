using Artesanos.StripeSimulator.Charges;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Disputes;

/// <summary>A cardholder's complaint to the bank. Read and changed under the account's lock only.
/// </summary>
internal sealed class Dispute(Charge charge, string reason, long created) : IStripeObject
{
    public string Id { get; } = StripeIds.Dispute();
    public long Created { get; } = created;
    public Charge Charge { get; } = charge;
    public string Reason { get; } = reason;
    public long Amount { get; } = charge.AmountCaptured - charge.AmountRefunded;
    public string Status { get; set; } = "needs_response";
}

using Artesanos.StripeSimulator.Charges;
using Artesanos.StripeSimulator.Events;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Disputes;

/// <summary>What the bank does: open a dispute, and decide it.</summary>
internal static class DisputeCharge
{
    public static Dispute Open(StripeAccount account, Charge charge, string reason)
    {
        var dispute = new Dispute(charge, reason, account.Now());
        charge.Disputed = true;
        account.Disputes.Add(dispute);
        account.Events.Raise("charge.dispute.created", dispute, Origin.None);
        return dispute;
    }

    public static void Close(StripeAccount account, Dispute dispute, bool won)
    {
        var before = dispute.Status;
        dispute.Status = won ? "won" : "lost";
        account.Events.Raise("charge.dispute.closed", dispute, Origin.None,
            json => json.Text("status", before));
    }
}

using Artesanos.StripeSimulator.Events;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Refunds;

/// <summary>What the bank says about a refund after Stripe's answer.</summary>
internal static class SettleRefund
{
    public static void Succeed(StripeAccount account, Refund refund)
    {
        if (refund.Status != "pending")
        {
            return;
        }

        refund.Status = "succeeded";
        account.Events.Raise("refund.updated", refund, Origin.None);
    }

    /// <summary>The money comes back: the charge may be refunded again.</summary>
    public static void Fail(StripeAccount account, Refund refund, string reason)
    {
        if (!refund.Counts)
        {
            return;
        }

        refund.Status = "failed";
        refund.FailureReason = reason;
        refund.FailureBalanceTransactionId = StripeIds.BalanceTransaction();
        account.Events.Raise("refund.updated", refund, Origin.None);
        account.Events.Raise("refund.failed", refund, Origin.None);
    }
}

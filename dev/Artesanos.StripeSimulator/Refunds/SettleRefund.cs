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
        account.Events.Raise("refund.updated", refund, Origin.None, json =>
        {
            json.Text("pending_reason", RefundJson.PendingReason);
            json.Text("status", "pending");
        });
    }

    /// <summary>The bank tells by which reference the shopper finds the money.</summary>
    public static void GiveReference(StripeAccount account, Refund refund)
    {
        refund.Reference = StripeIds.Reference();
        account.Events.Raise("refund.updated", refund, Origin.None, json =>
        {
            json.WriteStartObject("destination_details");
            json.WriteStartObject("card");
            json.Nulls("reference");
            json.Text("reference_status", "pending");
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <summary>The money comes back: the charge may be refunded again.</summary>
    public static void Fail(StripeAccount account, Refund refund, string reason)
    {
        if (!refund.Counts)
        {
            return;
        }

        var before = refund.Status;
        refund.Status = "failed";
        refund.FailureReason = reason;
        refund.FailureBalanceTransactionId = StripeIds.BalanceTransaction();
        account.Events.Raise("refund.updated", refund, Origin.None, json =>
        {
            json.Nulls("failure_balance_transaction", "failure_reason");
            json.Text("status", before);
        });
        account.Events.Raise("refund.failed", refund, Origin.None);
    }
}

using Artesanos.StripeSimulator.Charges;
using Artesanos.StripeSimulator.Refunds;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.PaymentIntents;

internal static class CancelPaymentIntent
{
    public static StripeOperation Operation { get; } = new(
        "payment_intents.cancel", ParameterRules.Of("cancellation_reason"), Execute);

    private static byte[] Execute(StripeRequest request)
    {
        var account = request.Account;
        var intent = IntentParameters.Find(request);
        Expansion.Of(request.Parameters, "payment_intent");
        var reason = request.Parameters.OneOf(
            "cancellation_reason",
            "abandoned", "duplicate", "fraudulent", "requested_by_customer");
        if (intent.Status is IntentStatus.Succeeded or IntentStatus.Canceled)
        {
            throw StripeRefusal.UnexpectedState(
                intent,
                "You cannot cancel this PaymentIntent because it has a status of "
                + $"{intent.Status}. Only a PaymentIntent with one of the following statuses may "
                + "be canceled: requires_payment_method, requires_capture, requires_confirmation, "
                + "requires_action, processing.");
        }

        intent.Status = IntentStatus.Canceled;
        intent.CanceledAt = account.Now();
        intent.CancellationReason = reason;
        intent.AmountCapturable = 0;
        intent.NextAction = null;
        if (intent.LatestCharge is { Failure: null } charge)
        {
            Release(account, charge, request);
        }

        account.Events.Raise("payment_intent.canceled", intent, request.Origin);
        return IntentParameters.Answer(request, intent);
    }

    /// <summary>An authorization that is not captured is released by a reversal.</summary>
    private static void Release(StripeAccount account, Charge charge, StripeRequest request)
    {
        charge.IsPending = false;
        var reversal = new Refund(charge, charge.Amount, account.Now()) { Status = "succeeded" };
        charge.Refunds.Add(reversal);
        account.Refunds.Add(reversal);
        account.Events.Raise("charge.refunded", charge, request.Origin);
    }
}

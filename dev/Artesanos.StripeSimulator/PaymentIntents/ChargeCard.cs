using Artesanos.StripeSimulator.Charges;
using Artesanos.StripeSimulator.Disputes;
using Artesanos.StripeSimulator.Events;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.PaymentIntents;

/// <summary>Takes the money of a confirmed intent, once nothing stands before it any more.
/// </summary>
internal static class ChargeCard
{
    /// <summary>Charges the card. Returns the refusal where the card is declined; the intent then
    /// waits for another payment method.</summary>
    public static StripeRefusal? Attempt(
        StripeAccount account, PaymentIntent intent, Origin origin, bool authenticated = false)
    {
        var method = intent.PaymentMethod
            ?? throw new InvalidOperationException($"Intent {intent.Id} has no payment method.");
        intent.NextAction = null;
        if (method.Card.Decline is { } decline)
        {
            return Declined(account, intent, decline, origin);
        }

        var charge = new Charge(intent, method, account.Now())
        {
            Authenticated = authenticated,
            IsPending = method.Card.StaysProcessing
        };
        account.Charges.Add(charge);
        intent.LatestCharge = charge;
        intent.LastPaymentError = null;
        if (method.Card.StaysProcessing)
        {
            intent.Status = IntentStatus.Processing;
            account.Events.Raise("charge.pending", charge, origin);
            account.Events.Raise("payment_intent.processing", intent, origin);
        }
        else if (intent.CapturesLater)
        {
            intent.Status = IntentStatus.RequiresCapture;
            intent.AmountCapturable = intent.Amount;
            account.Events.Raise("charge.succeeded", charge, origin);
            account.Events.Raise("payment_intent.amount_capturable_updated", intent, origin);
        }
        else
        {
            Succeed(account, intent, charge, intent.Amount);
            account.Events.Raise("charge.succeeded", charge, origin);
            account.Events.Raise("payment_intent.succeeded", intent, origin);
        }

        return null;
    }

    /// <summary>Records a failed charge and returns the answer that tells of it.</summary>
    public static StripeRefusal Declined(
        StripeAccount account, PaymentIntent intent, Decline decline, Origin origin)
    {
        var method = intent.PaymentMethod!;
        var charge = new Charge(intent, method, account.Now()) { Failure = decline };
        account.Charges.Add(charge);
        intent.LatestCharge = charge;
        var refusal = new StripeRefusal(402, "card_error", decline.Message)
        {
            Code = decline.Code,
            DeclineCode = decline.DeclineCode,
            AdviceCode = decline.Advice,
            ChargeId = charge.Id,
            Intent = intent,
            PaymentMethod = method,
            BeganExecuting = true
        };
        Fail(account, intent, refusal, origin, charge);
        return refusal;
    }

    /// <summary>Sends the intent back to wait for another payment method.</summary>
    public static void Fail(
        StripeAccount account, PaymentIntent intent, StripeRefusal error, Origin origin,
        Charge? charge = null)
    {
        intent.Status = IntentStatus.RequiresPaymentMethod;
        intent.PaymentMethod = null;
        intent.NextAction = null;
        intent.LastPaymentError = error;
        if (charge is not null)
        {
            account.Events.Raise("charge.failed", charge, origin);
        }

        account.Events.Raise("payment_intent.payment_failed", intent, origin);
    }

    /// <summary>The money has arrived.</summary>
    public static void Succeed(
        StripeAccount account, PaymentIntent intent, Charge charge, long captured)
    {
        charge.IsPending = false;
        charge.Captured = true;
        charge.AmountCaptured = captured;
        charge.BalanceTransactionId = StripeIds.BalanceTransaction();
        intent.Status = IntentStatus.Succeeded;
        intent.AmountReceived = captured;
        intent.AmountCapturable = 0;
        if (charge.PaymentMethod.Card.DisputeReason is { } reason)
        {
            account.Later(() => DisputeCharge.Open(account, charge, reason));
        }
    }
}

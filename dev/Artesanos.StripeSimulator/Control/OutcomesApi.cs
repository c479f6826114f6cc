using Artesanos.StripeSimulator.Disputes;
using Artesanos.StripeSimulator.Events;
using Artesanos.StripeSimulator.PaymentIntents;
using Artesanos.StripeSimulator.Refunds;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Control;

/// <summary>What shoppers and banks decide: 3-D Secure, slow payments, disputes, refunds. Each
/// changes the object with the id in the path, under the account's lock.</summary>
internal static class OutcomesApi
{
    private static readonly OutcomeRequest Nothing = new(null, null);

    public static async Task ChangeAsync(
        HttpContext http, Func<StripeAccount, string, OutcomeRequest, ObjectState> change)
    {
        var request = await ControlExchange.ReadAsync(
            http, ControlJson.Default.OutcomeRequest, Nothing);
        if (request is null)
        {
            return;
        }

        ObjectState state;
        try
        {
            var account = ControlExchange.Account(http);
            lock (account.Gate)
            {
                state = change(account, ControlExchange.Id(http), request);
            }
        }
        catch (StripeRefusal refusal)
        {
            await ControlExchange.RefuseAsync(http, refusal.Status, refusal.Message);
            return;
        }

        await http.Response.WriteAsJsonAsync(state, ControlJson.Default.ObjectState);
    }

    /// <summary>The shopper finishes or fails 3-D Secure.</summary>
    public static ObjectState Authenticate(
        StripeAccount account, string id, OutcomeRequest request)
    {
        var intent = Intent(account, id, IntentStatus.RequiresAction);
        if (Succeeds(request))
        {
            // A decline after the authentication shows in the intent and in its event.
            ChargeCard.Attempt(account, intent, Origin.None, authenticated: true);
            return new ObjectState(intent.Id, intent.Status);
        }

        var failure = new StripeRefusal(
            400, "invalid_request_error",
            "The provided PaymentMethod has failed authentication. You can provide "
            + "payment_method_data or a new PaymentMethod to attempt to fulfill this "
            + "PaymentIntent again.")
        {
            Code = "payment_intent_authentication_failure",
            PaymentMethod = intent.PaymentMethod
        };
        ChargeCard.Fail(account, intent, failure, Origin.None);
        return new ObjectState(intent.Id, intent.Status);
    }

    /// <summary>The bank answers for a payment that was processing.</summary>
    public static ObjectState AnswerPayment(
        StripeAccount account, string id, OutcomeRequest request)
    {
        var intent = Intent(account, id, IntentStatus.Processing);
        var charge = intent.LatestCharge!;
        if (Succeeds(request))
        {
            ChargeCard.Succeed(account, intent, charge, intent.Amount);
            account.Events.Raise("charge.succeeded", charge, Origin.None);
            account.Events.Raise("payment_intent.succeeded", intent, Origin.None);
            return new ObjectState(intent.Id, intent.Status);
        }

        charge.Failure = TestCards.GenericDecline;
        charge.IsPending = false;
        var failure = new StripeRefusal(402, "card_error", charge.Failure.Message)
        {
            Code = charge.Failure.Code,
            DeclineCode = charge.Failure.DeclineCode,
            ChargeId = charge.Id,
            PaymentMethod = charge.PaymentMethod
        };
        ChargeCard.Fail(account, intent, failure, Origin.None, charge);
        return new ObjectState(intent.Id, intent.Status);
    }

    public static ObjectState Dispute(StripeAccount account, string id, OutcomeRequest request)
    {
        var intent = Intent(account, id, IntentStatus.Succeeded);
        var dispute = DisputeCharge.Open(
            account, intent.LatestCharge!, request.Reason ?? "fraudulent");
        return new ObjectState(dispute.Id, dispute.Status);
    }

    public static ObjectState CloseDispute(
        StripeAccount account, string id, OutcomeRequest request)
    {
        if (!account.Disputes.TryFind(id, out var dispute))
        {
            throw StripeRefusal.NoSuch("dispute", id, "id");
        }

        var won = request.Outcome switch
        {
            "won" => true,
            "lost" => false,
            _ => throw StripeRefusal.Invalid("outcome must be won or lost.")
        };
        DisputeCharge.Close(account, dispute, won);
        return new ObjectState(dispute.Id, dispute.Status);
    }

    /// <summary>The bank answers for a refund that was pending, or gives one back.</summary>
    public static ObjectState AnswerRefund(
        StripeAccount account, string id, OutcomeRequest request)
    {
        if (!account.Refunds.TryFind(id, out var refund))
        {
            throw StripeRefusal.NoSuch("refund", id, "id");
        }

        if (Succeeds(request))
        {
            SettleRefund.Succeed(account, refund);
        }
        else
        {
            SettleRefund.Fail(account, refund, request.Reason ?? "expired_or_canceled_card");
        }

        return new ObjectState(refund.Id, refund.Status);
    }

    private static PaymentIntent Intent(StripeAccount account, string id, string expected)
    {
        if (!account.Intents.TryFind(id, out var intent))
        {
            throw StripeRefusal.NoSuch("payment_intent", id, "id");
        }

        return intent.Status == expected
            ? intent
            : throw new StripeRefusal(
                409, "invalid_request_error",
                $"The payment intent is {intent.Status}, not {expected}.");
    }

    private static bool Succeeds(OutcomeRequest request) => request.Outcome switch
    {
        null or "succeeded" => true,
        "failed" => false,
        _ => throw StripeRefusal.Invalid("outcome must be succeeded or failed.")
    };
}

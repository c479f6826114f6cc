using Artesanos.StripeSimulator.Disputes;
using Artesanos.StripeSimulator.Events;
using Artesanos.StripeSimulator.PaymentIntents;
using Artesanos.StripeSimulator.Refunds;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Control;

/// <summary>What shoppers and banks decide: 3-D Secure, slow payments, disputes, refunds.
/// </summary>
internal static class OutcomesApi
{
    private static readonly OutcomeRequest Nothing = new(null, null);

    public static Task AuthenticateAsync(HttpContext http) => ChangeAsync(
        http, (account, outcome) =>
    {
        var intent = Intent(account, http, IntentStatus.RequiresAction);
        if (Succeeds(outcome))
        {
            // A decline after the authentication shows in the intent and in its event.
            ChargeCard.Attempt(account, intent, Origin.None, authenticated: true);
        }
        else
        {
            var failure = new StripeRefusal(
                400, "invalid_request_error",
                "We are unable to authenticate your payment method. Please choose a different "
                + "payment method and try again.")
            {
                Code = "payment_intent_authentication_failure",
                PaymentMethod = intent.PaymentMethod
            };
            ChargeCard.Fail(account, intent, failure, Origin.None);
        }

        return new ObjectState(intent.Id, intent.Status);
    });

    public static Task SettleIntentAsync(HttpContext http) => ChangeAsync(
        http, (account, outcome) =>
    {
        var intent = Intent(account, http, IntentStatus.Processing);
        var charge = intent.LatestCharge!;
        if (Succeeds(outcome))
        {
            ChargeCard.Succeed(account, intent, charge, intent.Amount);
            account.Events.Raise("charge.succeeded", charge, Origin.None);
            account.Events.Raise("payment_intent.succeeded", intent, Origin.None);
        }
        else
        {
            var decline = TestCards.Find("pm_card_chargeDeclined")!.Decline!;
            charge.Failure = decline;
            charge.IsPending = false;
            var failure = new StripeRefusal(402, "card_error", decline.Message)
            {
                Code = decline.Code,
                DeclineCode = decline.DeclineCode,
                ChargeId = charge.Id,
                PaymentMethod = charge.PaymentMethod
            };
            ChargeCard.Fail(account, intent, failure, Origin.None, charge);
        }

        return new ObjectState(intent.Id, intent.Status);
    });

    public static Task DisputeAsync(HttpContext http) => ChangeAsync(
        http, (account, request) =>
    {
        var intent = Intent(account, http, IntentStatus.Succeeded);
        var dispute = DisputeCharge.Open(
            account, intent.LatestCharge!, request.Reason ?? "fraudulent");
        return new ObjectState(dispute.Id, dispute.Status);
    });

    public static Task CloseDisputeAsync(HttpContext http) => ChangeAsync(
        http, (account, outcome) =>
    {
        if (!account.Disputes.TryFind(ControlExchange.Id(http), out var dispute))
        {
            throw StripeRefusal.NoSuch("dispute", ControlExchange.Id(http), "id");
        }

        var won = outcome.Outcome switch
        {
            "won" => true,
            "lost" => false,
            _ => throw StripeRefusal.Invalid("outcome must be won or lost.")
        };
        DisputeCharge.Close(account, dispute, won);
        return new ObjectState(dispute.Id, dispute.Status);
    });

    public static Task SettleRefundAsync(HttpContext http) => ChangeAsync(
        http, (account, outcome) =>
    {
        if (!account.Refunds.TryFind(ControlExchange.Id(http), out var refund))
        {
            throw StripeRefusal.NoSuch("refund", ControlExchange.Id(http), "id");
        }

        if (Succeeds(outcome))
        {
            SettleRefund.Succeed(account, refund);
        }
        else
        {
            SettleRefund.Fail(account, refund, outcome.Reason ?? "expired_or_canceled_card");
        }

        return new ObjectState(refund.Id, refund.Status);
    });

    private static async Task ChangeAsync(
        HttpContext http, Func<StripeAccount, OutcomeRequest, ObjectState> change)
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
                state = change(account, request);
            }
        }
        catch (StripeRefusal refusal)
        {
            await ControlExchange.RefuseAsync(http, refusal.Status, refusal.Message);
            return;
        }

        await http.Response.WriteAsJsonAsync(state, ControlJson.Default.ObjectState);
    }

    private static PaymentIntent Intent(StripeAccount account, HttpContext http, string expected)
    {
        var id = ControlExchange.Id(http);
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

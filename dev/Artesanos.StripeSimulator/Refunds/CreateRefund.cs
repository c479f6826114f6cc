using System.Text.Json;
using Artesanos.StripeSimulator.Charges;
using Artesanos.StripeSimulator.PaymentIntents;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Refunds;

internal static class CreateRefund
{
    public static StripeOperation Operation { get; } = new(
        "refunds.create",
        ParameterRules.Of(
                "amount", "charge", "instructions_email", "metadata", "payment_intent", "reason")
            .Without(
                "currency", "customer", "origin", "refund_application_fee", "reverse_transfer")
            .MayUnset("metadata"),
        Execute);

    private static byte[] Execute(StripeRequest request)
    {
        var account = request.Account;
        var parameters = request.Parameters;
        var expansion = Expansion.Of(parameters, "refund");
        var reason = parameters.OneOf(
            "reason", "duplicate", "fraudulent", "requested_by_customer");
        var metadata = Metadata.Merge(null, parameters);
        var requested = parameters.Integer("amount");
        var charge = ChargeOf(account, parameters);
        var amount = AmountOf(charge, requested);

        var behaviour = charge.PaymentMethod.Card.Refund;
        var refund = new Refund(charge, amount, account.Now())
        {
            Status = behaviour == RefundBehaviour.PendingThenSucceeds ? "pending" : "succeeded",
            Reason = reason,
            InstructionsEmail = parameters.Text("instructions_email"),
            Metadata = metadata
        };
        var refundedBefore = charge.AmountRefunded;
        charge.Refunds.Add(refund);
        account.Refunds.Add(refund);
        account.Events.Raise("refund.created", refund, request.Origin);
        account.Events.Raise(
            "charge.refunded", charge, request.Origin,
            json => WriteBefore(json, charge, refundedBefore));
        var answer = JsonSnapshot.Of(json => RefundJson.Write(json, refund, expansion));
        Continue(account, refund, behaviour);
        return answer;
    }

    /// <summary>What becomes of the refund after the answer.</summary>
    private static void Continue(
        StripeAccount account, Refund refund, RefundBehaviour behaviour)
    {
        switch (behaviour)
        {
            case RefundBehaviour.PendingThenSucceeds:
                account.Later(() => SettleRefund.Succeed(account, refund));
                break;
            case RefundBehaviour.SucceedsThenFails:
                account.Later(() => SettleRefund.Fail(
                    account, refund, "expired_or_canceled_card"));
                break;
            default:
                SettleRefund.GiveReference(account, refund);
                break;
        }
    }

    private static void WriteBefore(Utf8JsonWriter json, Charge charge, long refunded)
    {
        json.Number("amount_refunded", refunded);
        if (charge.Refunded)
        {
            json.WriteBoolean("refunded", false);
        }
    }

    private static Charge ChargeOf(StripeAccount account, StripeParameters parameters)
    {
        var chargeId = parameters.Text("charge");
        if (parameters.Text("payment_intent") is { } intentId)
        {
            if (!account.Intents.TryFind(intentId, out var intent))
            {
                throw StripeRefusal.NoSuch("payment_intent", intentId, "payment_intent");
            }

            return intent.LatestCharge is { Failure: null, Captured: true } paid
                && (chargeId is null || chargeId == paid.Id)
                    ? paid
                    : throw StripeRefusal.Invalid(
                        $"This PaymentIntent ({intentId}) does not have a successful charge to "
                        + "refund.", "payment_intent");
        }

        if (chargeId is null)
        {
            throw StripeRefusal.Invalid(
                "One of the following params should be provided for this request: "
                + "payment_intent or charge.", code: "parameter_missing");
        }

        if (!account.Charges.TryFind(chargeId, out var charge))
        {
            throw StripeRefusal.NoSuch("charge", chargeId, "charge");
        }

        return charge is { Failure: null, Captured: true }
            ? charge
            : throw StripeRefusal.Invalid(
                $"Charge {chargeId} is not a successful, captured charge.", "charge");
    }

    private static long AmountOf(Charge charge, long? requested)
    {
        if (charge.Refundable <= 0)
        {
            throw Refused($"Charge {charge.Id} has already been refunded.",
                "charge_already_refunded");
        }

        if (charge.Disputed)
        {
            throw Refused($"Charge {charge.Id} has been charged back; cannot issue a refund.",
                "charge_disputed");
        }

        var amount = requested ?? charge.Refundable;
        if (amount < 1)
        {
            throw StripeRefusal.Invalid(
                "This value must be greater than or equal to 1.",
                "amount", "parameter_invalid_integer");
        }

        return amount <= charge.Refundable
            ? amount
            : throw StripeRefusal.Invalid(
                $"Refund amount ({Money.Format(amount, charge.Currency)}) is greater than "
                + (charge.AmountRefunded == 0 ? "charge amount" : "unrefunded amount on charge")
                + $" ({Money.Format(charge.Refundable, charge.Currency)})", "amount");
    }

    private static StripeRefusal Refused(string message, string code) =>
        new(400, "invalid_request_error", message) { Code = code, BeganExecuting = true };
}

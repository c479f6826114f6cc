using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.PaymentIntents;

internal static class CapturePaymentIntent
{
    public static StripeOperation Operation { get; } = new(
        "payment_intents.capture",
        ParameterRules.Of(
                "amount_to_capture", "metadata", "statement_descriptor",
                "statement_descriptor_suffix")
            .Without(
                "amount_details", "application_fee_amount", "final_capture", "hooks",
                "payment_details", "transfer_data")
            .MayUnset("metadata"),
        Execute);

    private static byte[] Execute(StripeRequest request)
    {
        var account = request.Account;
        var parameters = request.Parameters;
        var intent = IntentParameters.Find(request);
        Expansion.Of(parameters, "payment_intent");
        if (intent.Status != IntentStatus.RequiresCapture || intent.LatestCharge is not { } charge)
        {
            throw StripeRefusal.UnexpectedState(
                intent,
                intent.Status == IntentStatus.Succeeded
                    ? "This PaymentIntent could not be captured because it has already been "
                        + "captured."
                    : "This PaymentIntent could not be captured because it has a status of "
                        + $"{intent.Status}. Only a PaymentIntent with one of the following "
                        + "statuses may be captured: requires_capture.");
        }

        var amount = parameters.Integer("amount_to_capture") ?? intent.AmountCapturable;
        if (amount < 1 || amount > intent.AmountCapturable)
        {
            throw StripeRefusal.Invalid(
                "The amount to capture must be at least 1 and no more than the amount capturable "
                + $"({intent.AmountCapturable}).", "amount_to_capture", "amount_too_large");
        }

        intent.Metadata = Metadata.Merge(intent.Metadata, parameters);
        request.Account.Orders.Note(intent);
        IntentParameters.Describe(intent, parameters);
        ChargeCard.Succeed(account, intent, charge, amount);
        account.Events.Raise("charge.captured", charge, request.Origin, json =>
        {
            json.Number("amount_captured", 0);
            json.Nulls("balance_transaction");
            json.WriteBoolean("captured", false);
        });
        account.Events.Raise("payment_intent.succeeded", intent, request.Origin);
        return IntentParameters.Answer(request, intent);
    }
}

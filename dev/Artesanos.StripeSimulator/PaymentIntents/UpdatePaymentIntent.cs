using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.PaymentIntents;

internal static class UpdatePaymentIntent
{
    // What may still change once the money is taken or the intent is canceled.
    private static readonly string[] AlwaysOpen =
        ["description", "metadata", "receipt_email", "expand"];

    public static StripeOperation Operation { get; } = new(
        "payment_intents.update",
        ParameterRules.Of(
                "allowed_payment_method_types", "amount", "capture_method", "currency",
                "customer", "description", "metadata", "payment_method", "receipt_email",
                "setup_future_usage", "statement_descriptor", "statement_descriptor_suffix",
                "transfer_group")
            .Without(
                "amount_details", "application_fee_amount", "customer_account",
                "excluded_payment_method_types", "hooks", "payment_details",
                "payment_method_configuration", "payment_method_data", "payment_method_options",
                "shipping", "transfer_data")
            .MayUnset("metadata", "receipt_email", "setup_future_usage"),
        Execute);

    private static byte[] Execute(StripeRequest request)
    {
        var parameters = request.Parameters;
        var intent = IntentParameters.Find(request);
        Expansion.Of(parameters, "payment_intent");
        var open = intent.Status is IntentStatus.RequiresPaymentMethod
            or IntentStatus.RequiresConfirmation
            or IntentStatus.RequiresAction;
        if (!open && parameters.Names.Except(AlwaysOpen).FirstOrDefault() is { } closed)
        {
            throw StripeRefusal.UnexpectedState(
                intent,
                $"This PaymentIntent's {closed} could not be updated because it has a status of "
                + $"{intent.Status}. You may only update the {closed} of a PaymentIntent with one "
                + "of the following statuses: requires_payment_method, requires_confirmation, "
                + "requires_action.", closed);
        }

        if (parameters.Text("customer") is { } customer)
        {
            throw StripeRefusal.NoSuch("customer", customer, "customer", status: 400);
        }

        // Everything is read before anything is written: a refusal leaves the intent as it was.
        var currency = parameters.Has("currency") ? Money.Currency(parameters) : intent.Currency;
        var amount = parameters.Has("amount")
            ? Money.Amount(parameters, currency)
            : intent.Amount;
        var method = IntentParameters.PaymentMethod(request, intent);
        var captureMethod = IntentParameters.CaptureMethod(parameters) ?? intent.CaptureMethod;
        var allowed = IntentParameters.AllowedTypes(parameters);
        var metadata = Metadata.Merge(intent.Metadata, parameters);
        IntentParameters.Describe(intent, parameters);

        if (method is not null && !ReferenceEquals(method, intent.PaymentMethod))
        {
            intent.PaymentMethod = method;
            intent.NextAction = null;
            intent.Status = IntentStatus.RequiresConfirmation;
        }

        intent.Currency = currency;
        intent.Amount = amount;
        intent.CaptureMethod = captureMethod;
        intent.AllowedPaymentMethodTypes = allowed ?? intent.AllowedPaymentMethodTypes;
        intent.Metadata = metadata;
        request.Account.Orders.Note(intent);
        return IntentParameters.Answer(request, intent);
    }
}

using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.PaymentIntents;

internal static class CreatePaymentIntent
{
    public static StripeOperation Operation { get; } = new(
        "payment_intents.create",
        ParameterRules.Of(
                "allowed_payment_method_types", "amount", "automatic_payment_methods",
                "capture_method", "confirm", "confirmation_method", "currency", "customer",
                "description", "error_on_requires_action", "metadata", "off_session",
                "payment_method", "receipt_email", "return_url", "setup_future_usage",
                "statement_descriptor", "statement_descriptor_suffix", "transfer_group",
                "use_stripe_sdk")
            .Without(
                "amount_details", "application_fee_amount", "confirmation_token",
                "customer_account", "excluded_payment_method_types", "hooks", "mandate",
                "mandate_data", "on_behalf_of", "payment_details", "payment_method_configuration",
                "payment_method_data", "payment_method_options", "radar_options", "shipping",
                "transfer_data"),
        Execute);

    private static byte[] Execute(StripeRequest request)
    {
        var account = request.Account;
        var parameters = request.Parameters;
        var intent = Read(request);
        var confirms = parameters.Boolean("confirm") ?? false;
        if (!confirms)
        {
            OnlyWhenConfirming(parameters, "off_session");
            OnlyWhenConfirming(parameters, "return_url");
            OnlyWhenConfirming(parameters, "error_on_requires_action");
        }

        if (confirms && intent.PaymentMethod is null)
        {
            // The intent does not exist yet, so there is no state to blame.
            throw StripeRefusal.Invalid(
                Confirmation.MissingMethod, "payment_method", "parameter_missing");
        }

        var confirmation = confirms ? Confirmation.Of(request, intent) : null;
        if (account.Intents.IsFull)
        {
            throw new StripeRefusal(
                500, "api_error", "The simulator is full: restart it, or raise the setting "
                + "Simulator:MaxPaymentIntents.");
        }

        account.Intents.Add(intent);
        account.Orders.Note(intent);
        account.Events.Raise("payment_intent.created", intent, request.Origin);
        confirmation?.Run(account, intent);
        return IntentParameters.Answer(request, intent);
    }

    private static PaymentIntent Read(StripeRequest request)
    {
        var parameters = request.Parameters;
        if (parameters.Text("customer") is { } customer)
        {
            throw StripeRefusal.NoSuch("customer", customer, "customer", status: 400);
        }

        // Checked before anything is created, so that a bad expansion leaves nothing behind.
        Expansion.Of(parameters, "payment_intent");
        parameters.Required("amount");
        var currency = Money.Currency(parameters);
        var allowed = IntentParameters.AllowedTypes(parameters);
        var method = IntentParameters.PaymentMethod(request, intent: null);
        var intent = new PaymentIntent(StripeIds.PaymentIntent(), request.Account.Now())
        {
            Amount = Money.Amount(parameters, currency),
            Currency = currency,
            AllowedPaymentMethodTypes = allowed,
            AllowRedirects = AllowRedirects(parameters, allowed is not null),
            ConfirmationMethod =
                parameters.OneOf("confirmation_method", "automatic", "manual") ?? "automatic",
            Metadata = Metadata.Merge(null, parameters),
            PaymentMethod = method,
            Status = method is null
                ? IntentStatus.RequiresPaymentMethod
                : IntentStatus.RequiresConfirmation
        };
        intent.CaptureMethod = IntentParameters.CaptureMethod(parameters) ?? intent.CaptureMethod;
        IntentParameters.Describe(intent, parameters);
        return intent;
    }

    /// <summary>Automatic payment methods are on unless the request lists the types or turns them
    /// off; null then.</summary>
    private static string? AllowRedirects(StripeParameters parameters, bool typesListed)
    {
        var given = parameters.Hash("automatic_payment_methods").ToArray();
        foreach (var (field, _) in given)
        {
            if (field is not ("enabled" or "allow_redirects"))
            {
                throw StripeRefusal.UnknownParameters($"automatic_payment_methods[{field}]");
            }
        }

        const string Enabled = "automatic_payment_methods[enabled]";
        var enabled = parameters.Boolean(Enabled);
        if (given.Length > 0 && enabled is null)
        {
            throw StripeRefusal.MissingParameter(Enabled);
        }

        if (typesListed && enabled is true)
        {
            throw StripeRefusal.Exclusive(
                "automatic_payment_methods", "allowed_payment_method_types");
        }

        var redirects = parameters.OneOf(
            "automatic_payment_methods[allow_redirects]", "always", "never");
        return typesListed || enabled is false ? null : redirects ?? "always";
    }

    private static void OnlyWhenConfirming(StripeParameters parameters, string name)
    {
        if (parameters.Has(name))
        {
            throw StripeRefusal.Invalid(
                $"You can only provide `{name}` when `confirm` is true.", name);
        }
    }
}

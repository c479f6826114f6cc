using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.PaymentIntents;

internal static class ConfirmPaymentIntent
{
    public static StripeOperation Operation { get; } = new(
        "payment_intents.confirm",
        ParameterRules.Of(
                "capture_method", "client_secret", "error_on_requires_action", "off_session",
                "payment_method", "receipt_email", "return_url", "setup_future_usage",
                "use_stripe_sdk")
            .Without(
                "allowed_payment_method_types", "amount_details", "amount_to_confirm",
                "confirmation_token", "excluded_payment_method_types", "hooks", "mandate",
                "mandate_data", "payment_details", "payment_method_data",
                "payment_method_options", "radar_options", "shipping")
            .MayUnset("receipt_email", "setup_future_usage"),
        Execute,
        ForBrowsers: true);

    private static byte[] Execute(StripeRequest request)
    {
        var parameters = request.Parameters;
        var intent = IntentParameters.Find(request);
        if (request.IsPublishable && intent.ConfirmationMethod == "manual")
        {
            throw StripeRefusal.Invalid(
                "This PaymentIntent's confirmation_method is manual: it is confirmed with a "
                + "secret key only.", code: "secret_key_required");
        }

        var confirmation = Confirmation.Of(request, intent);
        Expansion.Of(parameters, "payment_intent");
        intent.CaptureMethod = IntentParameters.CaptureMethod(parameters) ?? intent.CaptureMethod;
        IntentParameters.Describe(intent, parameters);
        confirmation.Run(request.Account, intent);
        return IntentParameters.Answer(request, intent);
    }
}

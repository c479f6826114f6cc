using Artesanos.StripeSimulator.Events;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.PaymentIntents;

/// <summary>The confirmation of an intent, on the server or in the browser, alone or together
/// with its creation. <see cref="Of"/> checks it, <see cref="Run"/> carries it out.</summary>
internal sealed class Confirmation
{
    public const string MissingMethod =
        "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
        + "either update the PaymentIntent with a payment method and then confirm it again, or "
        + "confirm it again directly with a payment method or ConfirmationToken.";

    private readonly StripeRequest _request;
    private readonly PaymentMethod _method;
    private readonly string? _returnUrl;
    private readonly bool _offSession;
    private readonly bool _errorOnRequiresAction;

    private Confirmation(StripeRequest request, PaymentMethod method, string? returnUrl)
    {
        _request = request;
        _method = method;
        _returnUrl = returnUrl;
        _offSession = OffSession(request.Parameters);
        _errorOnRequiresAction = request.Parameters.Boolean("error_on_requires_action") ?? false;
    }

    private Origin Origin => _request.Origin;

    public static Confirmation Of(StripeRequest request, PaymentIntent intent)
    {
        ThrowUnlessConfirmable(intent);
        var method = IntentParameters.PaymentMethod(request, intent) ?? intent.PaymentMethod
            ?? throw StripeRefusal.UnexpectedState(
                intent, MissingMethod);
        var returnUrl = request.Parameters.Text("return_url");
        if (returnUrl is not null
            && !(Uri.TryCreate(returnUrl, UriKind.Absolute, out var url)
                && url.Scheme is "http" or "https"))
        {
            throw StripeRefusal.Invalid("Not a valid URL", "return_url", "url_invalid");
        }

        // Stripe cannot know which of the account's methods will redirect, so it asks for the way
        // back even where a card needs none.
        if (returnUrl is null && intent.AllowRedirects == "always")
        {
            throw StripeRefusal.Invalid(
                "This PaymentIntent is configured to accept payment methods enabled in your "
                + "Dashboard. Because some of these payment methods might redirect your customer "
                + "off of your page, you must provide a `return_url`. If you don't want to accept "
                + "redirect-based payment methods, set `automatic_payment_methods[enabled]` to "
                + "`true` and `automatic_payment_methods[allow_redirects]` to `never` when "
                + "creating Setup Intents and Payment Intents.");
        }

        return new Confirmation(request, method, returnUrl);
    }

    public void Run(StripeAccount account, PaymentIntent intent)
    {
        // The same confirmation again changes nothing while the shopper authenticates.
        var waits = intent.Status == IntentStatus.RequiresAction
            && ReferenceEquals(intent.PaymentMethod, _method);
        if (waits)
        {
            return;
        }

        intent.PaymentMethod = _method;
        intent.NextAction = null;
        if (!_method.Card.NeedsAuthentication)
        {
            if (ChargeCard.Attempt(account, intent, Origin) is { } refusal)
            {
                throw refusal;
            }

            return;
        }

        if (_offSession || _errorOnRequiresAction)
        {
            throw ChargeCard.Declined(account, intent, TestCards.AuthenticationRequired, Origin);
        }

        intent.Status = IntentStatus.RequiresAction;
        intent.NextAction = new NextAction(
            $"{_request.BaseUrl}/control/payment_intents/{intent.Id}/authentication",
            // Stripe's browser library does it in place where the merchant says so.
            _request.Parameters.Boolean("use_stripe_sdk") is true ? null : _returnUrl);
        account.Events.Raise("payment_intent.requires_action", intent, Origin);
    }

    private static void ThrowUnlessConfirmable(PaymentIntent intent)
    {
        if (intent.Status is IntentStatus.RequiresPaymentMethod
            or IntentStatus.RequiresConfirmation
            or IntentStatus.RequiresAction)
        {
            return;
        }

        throw StripeRefusal.UnexpectedState(intent, intent.Status == IntentStatus.Succeeded
            ? "You cannot confirm this PaymentIntent because it has already succeeded after being "
                + "previously confirmed."
            : $"You cannot confirm this PaymentIntent because it has a status of {intent.Status}. "
                + "Only a PaymentIntent with one of the following statuses may be confirmed: "
                + "requires_confirmation, requires_action.");
    }

    /// <summary><c>off_session</c> is a boolean, or one of two words of older versions.</summary>
    private static bool OffSession(StripeParameters parameters) =>
        parameters.Text("off_session") is "one_off" or "recurring"
        || (parameters.Boolean("off_session") ?? false);
}

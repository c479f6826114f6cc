using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.PaymentIntents;

/// <summary>Reading of the parameters that several operations on intents share.</summary>
internal static class IntentParameters
{
    private static readonly string[] CaptureMethods = ["automatic", "automatic_async", "manual"];

    /// <summary>The intent of the path, if the caller may see it.</summary>
    public static PaymentIntent Find(StripeRequest request)
    {
        if (!request.Account.Intents.TryFind(request.Id, out var intent))
        {
            throw StripeRefusal.NoSuch("payment_intent", request.Id, "intent");
        }

        var secret = request.Parameters.Text("client_secret");
        if (request.IsPublishable && secret is null)
        {
            throw StripeRefusal.MissingParameter("client_secret");
        }

        return secret is null || secret == intent.ClientSecret
            ? intent
            : throw StripeRefusal.Invalid(
                "The client_secret provided does not match any associated PaymentIntent on this "
                + "account. Ensure the publishable key used belongs to the same account that "
                + "created the PaymentIntent.", "client_secret", "resource_missing");
    }

    /// <summary>The answer with the intent, as far as the caller may see it.</summary>
    public static byte[] Answer(StripeRequest request, PaymentIntent intent)
    {
        if (request.IsPublishable)
        {
            return JsonSnapshot.Of(json => PaymentIntentJson.WritePublishable(json, intent));
        }

        var expansion = Expansion.Of(request.Parameters, "payment_intent");
        return JsonSnapshot.Of(json => PaymentIntentJson.Write(json, intent, expansion));
    }

    /// <summary>The payment method of the request: a test card by its name, or the id that the
    /// intent already has. Null where the request names none.</summary>
    public static PaymentMethod? PaymentMethod(StripeRequest request, PaymentIntent? intent)
    {
        if (request.Parameters.Text("payment_method") is not { } name)
        {
            return null;
        }

        if (intent?.PaymentMethod is { } current && current.Id == name)
        {
            return current;
        }

        return TestCards.Find(name) is { } card
            ? new PaymentMethod(StripeIds.PaymentMethod(), card, request.Account.Now())
            : throw StripeRefusal.NoSuch("PaymentMethod", name, "payment_method", status: 400);
    }

    public static string? CaptureMethod(StripeParameters parameters) =>
        parameters.OneOf("capture_method", CaptureMethods);

    public static string? SetupFutureUsage(StripeParameters parameters) =>
        parameters.OneOf("setup_future_usage", "on_session", "off_session");

    public static IReadOnlyList<string>? AllowedTypes(StripeParameters parameters)
    {
        var types = parameters.List("allowed_payment_method_types");
        if (types.Count == 0)
        {
            return null;
        }

        return types.Contains("card") && types.All(type => type is "card" or "link")
            ? types
            : throw StripeRefusal.Invalid(
                "The simulator pays by card only: allowed_payment_method_types must name card, "
                + "and may name link.",
                "allowed_payment_method_types");
    }

    /// <summary>The descriptive parameters, which change nothing about the money.</summary>
    public static void Describe(PaymentIntent intent, StripeParameters parameters)
    {
        if (parameters.Has("description"))
        {
            intent.Description = parameters.Text("description", 1000);
        }

        if (parameters.Has("receipt_email"))
        {
            intent.ReceiptEmail = parameters.Text("receipt_email", 800);
        }

        if (parameters.Has("statement_descriptor"))
        {
            // Every intent here may be paid by card.
            throw StripeRefusal.Invalid(
                "The statement_descriptor parameter is not supported for the payment_method_type "
                + "`card`. To continue supporting payment_method_type `card`, please pass in "
                + "`statement_descriptor_suffix` or remove the `statement_descriptor` parameter "
                + "altogether. Please see https://support.stripe.com/questions/use-of-the-"
                + "statement-descriptor-parameter-on-paymentintents-for-card-charges for "
                + "additional details.", "statement_descriptor");
        }

        if (parameters.Has("statement_descriptor_suffix"))
        {
            intent.StatementDescriptorSuffix = parameters.Text("statement_descriptor_suffix", 22);
        }

        if (parameters.Has("transfer_group"))
        {
            intent.TransferGroup = parameters.Text("transfer_group");
        }

        if (parameters.Has("setup_future_usage"))
        {
            intent.SetupFutureUsage = SetupFutureUsage(parameters);
        }
    }
}

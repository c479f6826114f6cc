using Artesanos.StripeSimulator.PaymentIntents;

namespace Artesanos.StripeSimulator.Wire;

/// <summary>An answer in Stripe's error envelope. Thrown by operations, written by
/// <see cref="StripeEndpoint"/>.</summary>
internal sealed class StripeRefusal(int status, string type, string message) : Exception(message)
{
    public int Status { get; } = status;
    public string Type { get; } = type;
    public string? Code { get; init; }
    public string? Param { get; init; }
    public string? DeclineCode { get; init; }
    public string? AdviceCode { get; init; }
    public string? ChargeId { get; init; }
    public PaymentIntent? Intent { get; init; }
    public PaymentMethod? PaymentMethod { get; init; }

    /// <summary>Whether the operation had begun when it failed. Only then does Stripe keep the
    /// answer under the idempotency key; a failed validation may be corrected and repeated.
    /// </summary>
    public bool BeganExecuting { get; init; }

    public static StripeRefusal Invalid(
        string message, string? param = null, string? code = null) =>
        new(400, "invalid_request_error", message) { Param = param, Code = code };

    public static StripeRefusal MissingParameter(string param) =>
        Invalid($"Missing required param: {param}.", param, "parameter_missing");

    public static StripeRefusal UnknownParameters(params ReadOnlySpan<string> names) => Invalid(
        $"Received unknown parameter{(names.Length > 1 ? "s" : "")}: {string.Join(", ", names)}",
        names[0], "parameter_unknown");

    public static StripeRefusal NoSuch(string kind, string id, string param, int status = 404) =>
        new(status, "invalid_request_error", $"No such {kind}: '{id}'")
        {
            Param = param,
            Code = "resource_missing"
        };

    public static StripeRefusal UnexpectedState(
        PaymentIntent intent, string message, string? param = null) =>
        new(400, "invalid_request_error", message)
        {
            Param = param,
            Code = "payment_intent_unexpected_state",
            Intent = intent,
            BeganExecuting = true
        };

    public static StripeRefusal Unauthorized(string message) =>
        new(401, "invalid_request_error", message);

    /// <summary>Two parameters of which one may be given.</summary>
    public static StripeRefusal Exclusive(string one, string other) => Invalid(
        $"You may only specify one of these parameters: {one}, {other}.",
        code: "parameters_exclusive");

    /// <summary>An empty value where one cannot be unset.</summary>
    public static StripeRefusal Empty(string param) => Invalid(
        $"You passed an empty string for '{param}'. We assume empty values are an attempt to "
        + $"unset a parameter; however '{param}' cannot be unset. You should remove '{param}' "
        + "from your request or supply a non-empty value.", param, "parameter_invalid_empty");
}

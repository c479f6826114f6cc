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

    public static StripeRefusal UnknownParameter(string param) =>
        Invalid($"Received unknown parameter: {param}", param, "parameter_unknown");

    public static StripeRefusal NoSuch(string kind, string id, string param, int status = 404) =>
        new(status, "invalid_request_error", $"No such {kind}: '{id}'")
        {
            Param = param,
            Code = "resource_missing"
        };

    public static StripeRefusal UnexpectedState(PaymentIntent intent, string message) =>
        new(400, "invalid_request_error", message)
        {
            Code = "payment_intent_unexpected_state",
            Intent = intent,
            BeganExecuting = true
        };

    public static StripeRefusal Unauthorized(string message, string? code = null) =>
        new(401, "invalid_request_error", message) { Code = code };
}

using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Control;

/// <summary>Stripe's words for the faults it admits to.</summary>
internal static class FaultAnswers
{
    public static StripeRefusal RateLimited() => new(
        429, "invalid_request_error",
        "Request rate limit exceeded. Learn more about rate limits here "
        + "https://stripe.com/docs/rate-limits.")
    {
        Code = "rate_limit"
    };

    public static StripeRefusal LockTimeout() => new(
        429, "invalid_request_error",
        "This object cannot be accessed right now because another API request or Stripe process "
        + "is currently accessing it. If you see this error intermittently, retry the request. If "
        + "you see this error frequently and are making multiple concurrent requests to a single "
        + "object, make your requests serially or at a lower rate. For more details, see "
        + "https://stripe.com/docs/rate-limits#object-lock-timeouts.")
    {
        Code = "lock_timeout"
    };

    public static StripeRefusal Unavailable() => new(
        503, "api_error", "Stripe is temporarily unavailable. Please try again.");

    public static StripeRefusal ServerError() => new(
        500, "api_error",
        "An unknown error occurred. Please contact support@stripe.com with your request ID.")
    {
        BeganExecuting = true
    };
}

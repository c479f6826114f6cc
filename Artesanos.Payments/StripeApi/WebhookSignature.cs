using Stripe;

namespace Artesanos.Payments.StripeApi;

internal static class WebhookSignature
{
    public const string Header = "Stripe-Signature";

    /// <summary>
    /// Longer than any header of Stripe's, which holds a few signatures of 64 digits.
    /// </summary>
    private const int HeaderMaxLength = 2048;

    /// <summary>
    /// True when one of the secrets signed exactly this body, at a time within the tolerance
    /// before or after now.
    /// </summary>
    public static bool IsGenuine(
        string body, string header, IEnumerable<string> secrets, TimeSpan tolerance) =>
        header.Length is > 0 and <= HeaderMaxLength
        && secrets.Any(secret => IsGenuine(body, header, secret, (long)tolerance.TotalSeconds));

    private static bool IsGenuine(string body, string header, string secret, long toleranceSeconds)
    {
        try
        {
            EventUtility.ValidateSignature(body, header, secret, toleranceSeconds);
            return true;
        }
        // A header that is made up can break the SDK's parser in any of these ways.
        catch (Exception forged) when (forged is StripeException or NullReferenceException
            or FormatException or OverflowException or ArgumentException
            or IndexOutOfRangeException or InvalidOperationException)
        {
            return false;
        }
    }
}

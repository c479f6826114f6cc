using System.Text;

namespace Artesanos.StripeSimulator.Wire;

/// <summary>Reads the caller's key. Only test keys pass: a live key here is a mistake worth
/// stopping. The key itself is never written anywhere.</summary>
internal static class ApiKey
{
    private const int ShownChars = 8 + 4;

    /// <summary>Whether the key is a publishable one; throws the 401 where it is none.</summary>
    public static bool IsPublishable(string? authorization, string? keyParameter)
    {
        var key = FromHeader(authorization) ?? keyParameter;
        if (string.IsNullOrEmpty(key))
        {
            throw StripeRefusal.Unauthorized(
                "You did not provide an API key. You need to provide your API key in the "
                + "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
                + "YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, "
                + "or we can help at https://support.stripe.com/.");
        }

        return Kind(key) switch
        {
            "sk_test_" or "rk_test_" => false,
            "pk_test_" => true,
            "sk_live_" or "rk_live_" or "pk_live_" => throw StripeRefusal.Unauthorized(
                $"Invalid API Key provided: {Masked(key)}. The simulator takes test keys only: "
                + "sk_test_, rk_test_, pk_test_."),
            _ => throw StripeRefusal.Unauthorized($"Invalid API Key provided: {Masked(key)}")
        };
    }

    private static string? FromHeader(string? authorization)
    {
        const string Bearer = "Bearer ";
        const string Basic = "Basic ";
        if (authorization is null)
        {
            return null;
        }

        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return authorization[Bearer.Length..].Trim();
        }

        var encoded = authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)
            ? authorization[Basic.Length..].Trim()
            : "";
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return null;
        }

        // The key is the user name; the password stays empty.
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? text : text[..colon];
    }

    private static string Kind(string key) => key.Length > 8 ? key[..8] : "";

    /// <summary>As Stripe shows it: the kind and the last four characters.</summary>
    private static string Masked(string key) => key.Length > ShownChars * 2
        ? key[..8] + new string('*', key.Length - ShownChars) + key[^4..]
        : new string('*', key.Length);
}

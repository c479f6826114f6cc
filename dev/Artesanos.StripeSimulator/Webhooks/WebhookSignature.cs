using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Artesanos.StripeSimulator.Webhooks;

/// <summary><c>Stripe-Signature: t=…,v1=…</c>: HMAC-SHA256 of the time, a dot and the body, once
/// for each valid secret.</summary>
internal static class WebhookSignature
{
    public static string Header(
        ReadOnlySpan<byte> body, IEnumerable<string> secrets, DateTimeOffset at)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signed = new byte[timestamp.Length + 1 + body.Length];
        Encoding.ASCII.GetBytes(timestamp, signed);
        signed[timestamp.Length] = (byte)'.';
        body.CopyTo(signed.AsSpan(timestamp.Length + 1));

        var header = new StringBuilder("t=").Append(timestamp);
        foreach (var secret in secrets)
        {
            var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
            header.Append(",v1=").Append(Convert.ToHexStringLower(signature));
        }

        return header.ToString();
    }
}

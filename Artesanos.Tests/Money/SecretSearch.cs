using System.Text.RegularExpressions;

namespace Artesanos.Tests.Money;

/// <summary>Finds what no log, span, message, column or problem may hold.</summary>
internal static partial class SecretSearch
{
    private const int Around = 60;

    [GeneratedRegex("_secret_|whsec_|[sr]k_(test|live)_|client_secret=")]
    private static partial Regex Secret { get; }

    // What tells of a card at Stripe, and numbers as long as a card's.
    [GeneratedRegex(@"""(last4|fingerprint|exp_month|exp_year|cvc|iin)""|"
        + @"\b[3-6]\d{3}([ -]?)\d{4}\2\d{4}\2\d{3,4}\b|\b3[47]\d{2} ?\d{6} ?\d{5}\b")]
    private static partial Regex Card { get; }

    /// <returns>One line per find: where, what, and the text around it.</returns>
    public static IEnumerable<string> In(
        (string Place, string Text) written, IEnumerable<string> secrets)
    {
        var text = written.Text;
        return secrets.Where(secret => text.Contains(secret, StringComparison.Ordinal))
            .Concat(Secret.Matches(text).Select(match => match.Value))
            .Concat(Card.Matches(text).Select(match => match.Value))
            .Distinct()
            .Select(found =>
            {
                var at = text.IndexOf(found, StringComparison.Ordinal);
                var from = Math.Max(0, at - Around);
                var to = Math.Min(text.Length, at + found.Length + Around);
                return $"{written.Place} holds {found}: … {text[from..to]} …";
            });
    }
}

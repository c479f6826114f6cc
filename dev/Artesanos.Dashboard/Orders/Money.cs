using System.Globalization;

namespace Artesanos.Dashboard.Orders;

/// <summary>Minor units as people write them.</summary>
internal static class Money
{
    private static readonly HashSet<string> _withoutMinor = ["JPY", "KRW", "CLP", "VND"];

    public static string Text(long? minor, string? currency) => minor is not { } amount ? ""
        : currency is null || _withoutMinor.Contains(currency)
            ? string.Create(CultureInfo.InvariantCulture, $"{amount} {currency}")
            : string.Create(CultureInfo.InvariantCulture, $"{amount / 100m:0.00} {currency}");
}

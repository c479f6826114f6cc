using Artesanos.Inventory.Stock;

namespace Artesanos.Inventory.Catalog;

/// <summary>The bounds of a product, all wrong fields at once.</summary>
internal static class NewProductRules
{
    private const int NameMaxLength = 120;
    private const int DescriptionMaxLength = 2000;
    private const int ImageUrlMaxLength = 2048;

    /// <summary>What Stripe charges at least and at most.</summary>
    private const long PriceMinMinor = 50;
    private const long PriceMaxMinor = 99_999_999;

    /// <summary>ISO 4217 codes we can charge in.</summary>
    private static readonly HashSet<string> Currencies =
    [
        "AUD", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "JPY", "MXN", "NOK", "PLN", "SEK", "USD",
    ];

    public static Dictionary<string, string[]> Check(NewProduct product)
    {
        var errors = new Dictionary<string, string[]>();
        Require("name", IsText(product.Name, NameMaxLength),
            $"must be 1 to {NameMaxLength} printable characters");
        Require("artisan", product.Artisan is null || IsText(product.Artisan, NameMaxLength),
            $"must be 1 to {NameMaxLength} printable characters");
        Require("town", IsText(product.Town, NameMaxLength),
            $"must be 1 to {NameMaxLength} printable characters");
        Require("description", IsDescription(product.Description),
            $"must be at most {DescriptionMaxLength} printable characters");
        Require("priceMinor", product.PriceMinor is >= PriceMinMinor and <= PriceMaxMinor,
            $"must be between {PriceMinMinor} and {PriceMaxMinor} (minor units)");
        Require("currency", Currencies.Contains(product.Currency),
            $"must be one of {string.Join(", ", Currencies)}");
        Require("stock", product.Stock is >= 0 and <= StockBounds.InitialMax,
            $"must be between 0 and {StockBounds.InitialMax} (pieces)");
        Require("lowStockThreshold",
            product.LowStockThreshold is >= 0 and <= StockBounds.InitialMax,
            $"must be between 0 and {StockBounds.InitialMax} (pieces)");
        Require("imageUrl", product.ImageUrl is null || IsImageUrl(product.ImageUrl),
            "must be an https address or a path that starts with a single slash");
        return errors;

        void Require(string field, bool valid, string message)
        {
            if (!valid)
            {
                errors[field] = [message];
            }
        }
    }

    private static bool IsText(string text, int maxLength) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= maxLength && !text.Any(char.IsControl);

    /// <summary>Paragraphs are fine; other control characters (NUL above all) are not.</summary>
    private static bool IsDescription(string text) =>
        text.Length <= DescriptionMaxLength
        && !text.Any(c => char.IsControl(c) && c is not '\n' and not '\r' and not '\t');

    private static bool IsImageUrl(string url) =>
        url.Length <= ImageUrlMaxLength && !url.Any(c => char.IsControl(c) || c is '\\' or ' ')
        && (url.StartsWith('/')
            ? !url.StartsWith("//", StringComparison.Ordinal)
            : Uri.TryCreate(url, UriKind.Absolute, out var address)
                && address.Scheme == Uri.UriSchemeHttps);
}

using Artesanos.Inventory.Stock;

namespace Artesanos.Inventory.Catalog;

/// <summary>The bounds of a new or changed product, all wrong fields at once.</summary>
internal static class ProductRules
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
        CheckShown(errors, product.Name, product.Artisan, product.Town, product.Description);
        CheckPrice(errors, product.PriceMinor);
        Require(errors, "currency", Currencies.Contains(product.Currency),
            $"must be one of {string.Join(", ", Currencies)}");
        Require(errors, "stock", product.Stock is >= 0 and <= StockBounds.InitialMax,
            $"must be between 0 and {StockBounds.InitialMax} (pieces)");
        CheckThreshold(errors, product.LowStockThreshold);
        CheckImage(errors, product.ImageUrl);
        return errors;
    }

    public static Dictionary<string, string[]> Check(ProductChange product)
    {
        var errors = new Dictionary<string, string[]>();
        CheckShown(errors, product.Name, product.Artisan, product.Town, product.Description);
        CheckPrice(errors, product.PriceMinor);
        CheckThreshold(errors, product.LowStockThreshold);
        CheckImage(errors, product.ImageUrl);
        return errors;
    }

    private static void CheckShown(
        Dictionary<string, string[]> errors, string name, string? artisan, string town,
        string description)
    {
        Require(errors, "name", IsText(name, NameMaxLength),
            $"must be 1 to {NameMaxLength} printable characters");
        Require(errors, "artisan", artisan is null || IsText(artisan, NameMaxLength),
            $"must be 1 to {NameMaxLength} printable characters");
        Require(errors, "town", IsText(town, NameMaxLength),
            $"must be 1 to {NameMaxLength} printable characters");
        Require(errors, "description", IsDescription(description),
            $"must be at most {DescriptionMaxLength} printable characters");
    }

    private static void CheckPrice(Dictionary<string, string[]> errors, long priceMinor) =>
        Require(errors, "priceMinor", priceMinor is >= PriceMinMinor and <= PriceMaxMinor,
            $"must be between {PriceMinMinor} and {PriceMaxMinor} (minor units)");

    private static void CheckThreshold(Dictionary<string, string[]> errors, int threshold) =>
        Require(errors, "lowStockThreshold", threshold is >= 0 and <= StockBounds.InitialMax,
            $"must be between 0 (no alert) and {StockBounds.InitialMax} (pieces)");

    private static void CheckImage(Dictionary<string, string[]> errors, string? imageUrl) =>
        Require(errors, "imageUrl", imageUrl is null || IsImageUrl(imageUrl),
            "must be an https address or a path that starts with a single slash");

    private static void Require(
        Dictionary<string, string[]> errors, string field, bool valid, string message)
    {
        if (!valid)
        {
            errors[field] = [message];
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

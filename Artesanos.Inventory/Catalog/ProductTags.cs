using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Artesanos.Inventory.Catalog;

/// <summary>
/// ETags of products. A product's is <c>"{version}-{available}"</c>: a cache has to see both
/// change, but an artisan's edit is refused only if the version did, which orders do not raise.
/// </summary>
internal static class ProductTags
{
    public const int AnyVersion = -1;

    public static string Of(int version, int available) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{version}-{available}\"");

    /// <summary>Weak, since a page may be sent compressed.</summary>
    public static string OfPage(ProductPage page, IEnumerable<string> items)
    {
        var names = page.Items.Zip(items, (item, tag) => $"{item.Id}{tag}").Append(page.Next);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(names)));
        return $"W/\"{Convert.ToHexStringLower(hash.AsSpan(0, 16))}\"";
    }

    /// <summary>Sends the tag, and tells whether the caller's copy is still good.</summary>
    public static bool IsKnown(HttpContext http, string tag)
    {
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "public, no-cache";
        return Values(http.Request.Headers.IfNoneMatch).Any(known =>
            known == "*" || Opaque(known) == Opaque(tag));
    }

    /// <returns>The version an edit is based on, <see cref="AnyVersion"/> for a star, null for
    /// what is no tag of ours.</returns>
    public static int? VersionOf(string ifMatch)
    {
        if (ifMatch == "*")
        {
            return AnyVersion;
        }
        var end = ifMatch.IndexOf('-', StringComparison.Ordinal);
        return ifMatch.Length > 2 && ifMatch[0] == '"' && ifMatch[^1] == '"' && end > 1
            && int.TryParse(ifMatch.AsSpan(1, end - 1), NumberStyles.None,
                CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
    }

    private static IEnumerable<string> Values(StringValues header) => header
        .SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries));

    private static string Opaque(string tag) =>
        tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;
}

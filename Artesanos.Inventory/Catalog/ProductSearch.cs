using Artesanos.Inventory.Data;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Inventory.Catalog;

/// <summary>
/// Search that minds neither accents nor case, in Spanish: a product matches when all words do,
/// each as the beginning of a word ("ceram") or by its stem ("jarras"). The column is generated,
/// with what PostgreSQL itself brings: an extension would need a privilege that the service's
/// role lacks.
/// </summary>
internal static class ProductSearch
{
    public const int TextMaxLength = 100;

    /// <summary>Name of the generated column.</summary>
    public const string Column = "search";

    /// <summary>Decomposed, without the marks, and only then lowered: in a database of locale C
    /// only ASCII has a lower case.</summary>
    public const string ColumnSql =
        """
        to_tsvector('simple', lower(regexp_replace(normalize(
            name || ' ' || artisan || ' ' || town || ' ' || description, NFD),
            '[\u0300-\u036f]', '', 'g')))
        || to_tsvector('spanish', lower(regexp_replace(normalize(
            name || ' ' || artisan || ' ' || town || ' ' || description, NFD),
            '[\u0300-\u036f]', '', 'g')))
        """;

    /// <summary>The products with all words of a text; none for a text without words.</summary>
    public static IQueryable<Product> Matching(this DbSet<Product> products, string text) =>
        products.FromSql(
            $$"""
            SELECT p.* FROM products AS p, (
                SELECT btrim(regexp_replace(lower(regexp_replace(normalize({{text}}, NFD),
                    '[\u0300-\u036f]', '', 'g')), '[^a-z0-9]+', ' ', 'g')) AS words) AS asked
            WHERE words <> '' AND (
                p.search @@ to_tsquery('simple', replace(words, ' ', ':* & ') || ':*')
                OR p.search @@ to_tsquery('spanish', replace(words, ' ', ' & ')))
            """);

    public static bool IsText(string text) =>
        text.Length is > 0 and <= TextMaxLength && !text.Any(char.IsControl);
}

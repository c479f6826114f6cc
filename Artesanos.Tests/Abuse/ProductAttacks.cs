using System.Text;

namespace Artesanos.Tests.Abuse;

/// <summary>Products that nobody may sell, and stock that nobody can have.</summary>
internal static class ProductAttacks
{
    public const string GoodChange =
        """
        {"name":"x","artisan":"x","town":"x","description":"x","priceMinor":100,
         "lowStockThreshold":0}
        """;

    public static IEnumerable<Attack> All =>
    [
        .. Fields.Select(row => Attack.Product($"product with {row.Field} {row.Name}",
            With(row.Field, row.Json), row.Field)),
        .. Restocks.Select(quantity => new Attack(
            $"restock of {quantity}", "POST", "/products/{product}/restock", 400, "validation")
        {
            As = "artisan",
            Body = Encoding.UTF8.GetBytes($$"""{"quantity":{{quantity}}}"""),
            Field = "quantity",
        }),
        Attack.Product("product empty", "{}", "name"),
        Attack.Product("product null", "null"),
        Attack.Product("product list", "[]"),
        Attack.Product("product cut off", With("name", "\"x\"")[..^1]),
        Attack.Product("product over 64 KiB", With("description", Text(66_000))) with
        {
            Status = 413,
            Problem = "body-too-large",
        },
    ];

    private static readonly (string Field, string Name, string Json)[] Fields =
    [
        ("name", "empty", "\"\""), ("name", "blank", "\" \""), ("name", "null", "null"),
        ("name", "number", "1"), ("name", "of 121 characters", Text(121)),
        ("name", "with NUL", "\"a\\u0000\""), ("name", "with a line break", "\"a\\nb\""),
        ("name", "with broken Unicode", "\"a\\ud800\""),
        ("town", "empty", "\"\""), ("town", "with an escape", "\"a\\u001b\""),
        ("town", "with broken Unicode", "\"\\udfff\""),
        ("artisan", "blank", "\" \""), ("artisan", "list", "[]"),
        ("description", "of 2,001 characters", Text(2001)), ("description", "null", "null"),
        ("description", "with NUL", "\"a\\u0000b\""),
        ("description", "with broken Unicode", "\"a\\udc00b\""),
        ("priceMinor", "zero", "0"), ("priceMinor", "negative", "-100"),
        ("priceMinor", "below Stripe's least", "49"),
        ("priceMinor", "above Stripe's most", "100000000"),
        ("priceMinor", "overflowing", "9223372036854775808"), ("priceMinor", "fraction", "1.5"),
        ("priceMinor", "text", "\"100\""), ("priceMinor", "null", "null"),
        ("currency", "unknown", "\"XXX\""), ("currency", "in small letters", "\"eur\""),
        ("currency", "empty", "\"\""), ("currency", "number", "978"),
        ("stock", "negative", "-1"), ("stock", "above a million", "1000001"),
        ("stock", "overflowing", "2147483648"), ("stock", "fraction", "0.5"),
        ("lowStockThreshold", "negative", "-1"),
        ("lowStockThreshold", "overflowing", "99999999999"),
        ("imageUrl", "without https", "\"http://example.com/a.png\""),
        ("imageUrl", "script", "\"javascript:alert(1)\""),
        ("imageUrl", "data", "\"data:text/html,x\""),
        ("imageUrl", "of another host", "\"//example.com/a.png\""),
        ("imageUrl", "with a backslash", "\"/a\\\\b\""), ("imageUrl", "with a blank", "\"/a b\""),
        ("imageUrl", "of 2,049 characters", $"\"/{new string('x', 2048)}\""),
    ];

    private static readonly string[] Restocks =
        ["0", "-1", "100001", "2147483648", "1.5", "\"1\"", "null", "[]"];

    private static string With(string field, string json)
    {
        var fields = new Dictionary<string, string>
        {
            ["name"] = "\"Jarra\"",
            ["town"] = "\"Úbeda\"",
            ["description"] = "\"x\"",
            ["priceMinor"] = "1000",
            ["currency"] = "\"EUR\"",
            ["stock"] = "1",
            [field] = json,
        };
        return $"{{{string.Join(',', fields.Select(pair => $"\"{pair.Key}\":{pair.Value}"))}}}";
    }

    private static string Text(int length) => $"\"{new string('x', length)}\"";
}

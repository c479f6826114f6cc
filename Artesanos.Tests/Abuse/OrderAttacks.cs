namespace Artesanos.Tests.Abuse;

/// <summary>Orders whose JSON can be read, but that nobody may place.</summary>
internal static class OrderAttacks
{
    private const string Id = "01990000-0000-7000-8000-0000000000aa";
    private const string Line = $$"""{"productId":"{{Id}}","quantity":1}""";
    private const string Lines = $"\"lines\":[{Line}]";

    public static IEnumerable<Attack> All =>
    [
        .. Quantities.Select(quantity => Attack.Order($"quantity {quantity}",
            $$"""{"lines":[{"productId":"{{Id}}","quantity":{{quantity}}}]}""",
            "lines[0].quantity")),
        .. ProductIds.Select(id => Attack.Order($"product id {id}",
            $$"""{"lines":[{"productId":{{id}},"quantity":1}]}""", "lines[0].productId")),
        .. Totals.Select(total => Attack.Order($"expected total {total}",
            $$"""{{{Lines}},"expectedTotalMinor":{{total}}}""", "expectedTotalMinor")),
        .. Methods.Select(method => Attack.Order($"payment method {method.Name}",
            $$"""{{{Lines}},"paymentMethodId":{{method.Json}}}""", "paymentMethodId")),
        .. LineLists,
        .. Addresses.Select(address => Attack.Order($"address with {address.Name}",
            $$"""{{{Lines}},"shippingAddress":{{address.Json}}}""", address.Field)),
    ];

    private static readonly string[] Quantities =
    [
        "0", "-0", "-1", "1001", "2147483647", "-2147483648", "2147483648", "4294967297",
        "9223372036854775807", "9223372036854775808", "-9223372036854775809",
        "99999999999999999999999999999999", "1.5", "0.1", "1e3", "1E400", "1e-1",
        "\"1\"", "\"\"", "\"one\"", "true", "false", "null", "[]", "[1]", "{}", "{\"value\":1}",
    ];

    private static readonly string[] ProductIds =
    [
        "\"00000000-0000-0000-0000-000000000000\"", "\"\"", "\"clay\"", "null", "1", "true", "[]",
        "{}", "\"01990000-0000-7000-8000-0000000000a\"",
        "\"01990000-0000-7000-8000-0000000000aaa\"",
        "\"01990000-0000-7000-8000-0000000000ag\"", "\"0199000000007000800000000000 0aa\"",
        "\"1' OR '1'='1\"", "\"../../etc/passwd\"", "\"{{7*7}}\"", "\"%00\"",
    ];

    private static readonly string[] Totals =
    [
        "0", "-1", "-9223372036854775808", "9223372036854775808", "1.5", "1e30", "\"100\"", "true",
        "[]", "{}",
    ];

    private static readonly (string Name, string Json)[] Methods =
    [
        ("empty", "\"\""), ("of blanks", "\"   \""), ("with NUL", "\"pm\\u0000card\""),
        ("with a line break", "\"pm\\ncard\""), ("with an escape", "\"pm\\u001bcard\""),
        ("with DEL", "\"pm\\u007fcard\""), ("with half a character", "\"pm\\ud800\""),
        ("with the other half", "\"\\udc00pm\""), ("of 129 characters", Text(129)),
        ("of 60,000 characters", Text(60_000)), ("number", "1"), ("list", "[]"), ("object", "{}"),
        ("boolean", "true"),
    ];

    private static IEnumerable<Attack> LineLists =>
    [
        Attack.Order("no lines", "{\"lines\":[]}", "lines"),
        Attack.Order("lines missing", "{}", "lines"),
        Attack.Order("lines null", "{\"lines\":null}", "lines"),
        Attack.Order("lines as object", "{\"lines\":{}}", "lines"),
        Attack.Order("lines as text", "{\"lines\":\"1\"}", "lines"),
        Attack.Order("lines as number", "{\"lines\":1}", "lines"),
        Attack.Order("lines in lines", $"{{\"lines\":[[{Line}]]}}", "lines[0]"),
        Attack.Order("a null line", "{\"lines\":[null]}", "lines[0]"),
        Attack.Order("a null line between", $"{{\"lines\":[{Line},null]}}", "lines[1]"),
        Attack.Order("a text line", "{\"lines\":[\"x\"]}", "lines[0]"),
        Attack.Order("an empty line", "{\"lines\":[{}]}", "lines[0].quantity"),
        Attack.Order("a line without quantity",
            $$"""{"lines":[{"productId":"{{Id}}"}]}""", "lines[0].quantity"),
        Attack.Order("a line without product", "{\"lines\":[{\"quantity\":1}]}",
            "lines[0].productId"),
        Attack.Order("101 lines", Repeated(101), "lines"),
        Attack.Order("900 lines", Repeated(900), "lines"),
        Attack.Order("5,000 lines", Repeated(5_000)) with
        {
            Status = 413,
            Problem = "body-too-large",
        },
        Attack.Order("one product on many lines over the limit",
            $$"""{"lines":[{{string.Join(',', Enumerable.Repeat(
                $$"""{"productId":"{{Id}}","quantity":11}""", 100))}}]}""", "lines"),
        Attack.Order("lines twice", $$"""{{{Lines}},{{Lines}}}""", "lines"),
        Attack.Order("lines twice in other letters", $$"""{{{Lines}},"LINES":[]}""", "LINES"),
        Attack.Order("quantity twice",
            $$"""{"lines":[{"productId":"{{Id}}","quantity":1,"quantity":2}]}""",
            "lines[0].quantity"),
    ];

    private static readonly (string Name, string Json, string Field)[] Addresses =
    [
        ("nothing", "{}", "shippingAddress.name"),
        ("text for an address", "\"Real 1\"", "shippingAddress"),
        ("a list for an address", "[]", "shippingAddress"),
        ("no name", Address(name: "\"\""), "shippingAddress.name"),
        ("null as name", Address(name: "null"), "shippingAddress.name"),
        ("a number as name", Address(name: "1"), "shippingAddress.name"),
        ("201 characters of name", Address(name: Text(201)), "shippingAddress.name"),
        ("NUL in the name", Address(name: "\"Ana\\u0000\""), "shippingAddress.name"),
        ("broken Unicode in the name", Address(name: "\"A\\ud800\""), "shippingAddress.name"),
        ("a line break in the city", Address(city: "\"Ú\\nbeda\""), "shippingAddress.city"),
        ("101 characters of city", Address(city: Text(101)), "shippingAddress.city"),
        ("a blank postal code", Address(code: "\" \""), "shippingAddress.postalCode"),
        ("21 characters of postal code", Address(code: Text(21)), "shippingAddress.postalCode"),
        ("a country by name", Address(country: "\"Spain\""), "shippingAddress.country"),
        ("a country in small letters", Address(country: "\"es\""), "shippingAddress.country"),
        ("a country in other letters", Address(country: "\"ÉS\""), "shippingAddress.country"),
        ("a country as number", Address(country: "34"), "shippingAddress.country"),
    ];

    private static string Address(
        string name = "\"Ana\"", string city = "\"Úbeda\"", string code = "\"23400\"",
        string country = "\"ES\"") =>
        $$"""
        {"name":{{name}},"line1":"Real 1","city":{{city}},"postalCode":{{code}},
         "country":{{country}}}
        """;

    private static string Text(int length) => $"\"{new string('x', length)}\"";

    private static string Repeated(int lines) =>
        $"{{\"lines\":[{string.Join(',', Enumerable.Repeat(Line, lines))}]}}";
}

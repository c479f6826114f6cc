using System.Text;

namespace Artesanos.Tests.Abuse;

/// <summary>Addresses that lead nowhere, to others' things or inside, and wrong methods.</summary>
internal static class AddressAttacks
{
    private const string SomeId = "01990000-0000-7000-8000-000000000001";

    public static IEnumerable<Attack> All =>
    [
        .. Nowhere.Select(path => Attack.Get(path, 404, "not-found")),
        .. OthersThings.Select(path => Attack.Get(path, 404, "not-found")),
        .. NeedsToken.Select(path => Attack.Get(path, 401, "unauthorized", role: null)),
        .. ForOperators.SelectMany(path => new[]
        {
            Attack.Get(path, 403, "forbidden"),
            Attack.Get(path, 403, "forbidden", role: "artisan"),
        }),
        .. Writes,
        .. Methods.Select(row => new Attack(
            $"{row.Method} {row.Path}", row.Method, row.Path, row.Status, row.Problem)),
        .. Limits.SelectMany(limit => new[] { "/orders", "/products" }.Select(path =>
            Attack.Get($"{path}?limit={limit}", 400, "validation") with { Field = "limit" })),
        .. Cursors.SelectMany(cursor => new[] { "/orders", "/products" }.Select(path =>
            Attack.Get($"{path}?cursor={cursor}", 400, "validation") with { Field = "cursor" })),
    ];

    private static readonly string[] Nowhere =
    [
        "/", "/unknown", "/admin", "/.env", "/.git/config", "/wp-login.php", "/favicon.ico",
        "/orders/metrics", "/payments/metrics", "/inventory/metrics", "/orders/metrics/",
        "/orders/METRICS", "/orders/%6Detrics", "/orders//metrics", "/control/ledger",
        "/control/faults", "/v1/payment_intents", "/inventory", "/inventory/health",
        "/orders/clay", "/orders/1", "/orders/-1", "/orders/null", "/orders/%c3%28",
        "/orders/%ff", "/orders/..%2fmetrics", "/orders/%2e%2e/metrics",
        $"/orders/{SomeId}", $"/orders/{SomeId}x", $"/orders/{SomeId}/unknown",
        $"/orders/{SomeId}/history/1", "/orders/' OR '1'='1", "/orders/1;DROP TABLE orders",
        "/orders/${jndi:ldap:x}", $"/payments/{SomeId}", "/payments/clay", "/payments",
        $"/products/{SomeId}", "/products/clay", "/products/1'--", $"/products/{SomeId}/unknown",
    ];

    private static readonly string[] OthersThings =
        ["/orders/{order}", "/orders/{order}/history", "/payments/{order}"];

    private static readonly string[] NeedsToken =
    [
        "/orders", "/orders/{order}", "/orders/{order}/history", "/payments/{order}",
        "/orders/operations/stuck", "/payments/operations/dead-letters",
        "/inventory/operations/dead-letters",
    ];

    private static readonly string[] ForOperators =
    [
        "/orders/operations/stuck", "/orders/operations/dead-letters",
        "/orders/operations/{order}/history", $"/orders/operations/dead-letters/{SomeId}",
        "/payments/operations/dead-letters", "/inventory/operations/dead-letters",
    ];

    private static IEnumerable<Attack> Writes =>
    [
        Post("cancel another's order", "/orders/{order}/cancel", 404, "not-found"),
        Post("cancel no order", $"/orders/{SomeId}/cancel", 404, "not-found"),
        Post("cancel without a token", "/orders/{order}/cancel", 401, "unauthorized", null),
        Post("cancel as operator's doing", "/orders/operations/{order}/cancel", 403, "forbidden"),
        Post("retry as shopper", "/orders/operations/stuck/{order}/retry", 403, "forbidden"),
        Post("replay as shopper", $"/orders/operations/dead-letters/{SomeId}/replay", 403,
            "forbidden"),
        Post("order without a token", "/orders", 401, "unauthorized", null),
        Post("sell without a token", "/products", 401, "unauthorized", null),
        Post("sell as shopper", "/products", 403, "forbidden"),
        Post("sell as operator", "/products", 403, "forbidden", "operator"),
        Post("restock another's product", "/products/{product}/restock", 404, "not-found",
            "artisan", """{"quantity":1}"""),
        Post("restock as shopper", "/products/{product}/restock", 403, "forbidden", "shopper",
            """{"quantity":1}"""),
        Post("change another's product", "/products/{product}", 404, "not-found", "artisan",
            ProductAttacks.GoodChange) with { Method = "PUT", Headers = [("If-Match", "\"1\"")] },
    ];

    private static readonly (string Method, string Path, int Status, string Problem)[] Methods =
    [
        ("PUT", "/orders", 405, "method-not-allowed"),
        ("DELETE", "/orders", 405, "method-not-allowed"),
        ("PATCH", "/orders/{order}", 405, "method-not-allowed"),
        ("DELETE", "/orders/{order}", 405, "method-not-allowed"),
        ("POST", "/orders/{order}", 405, "method-not-allowed"),
        ("GET", "/orders/{order}/cancel", 405, "method-not-allowed"),
        ("DELETE", "/orders/{order}/history", 405, "method-not-allowed"),
        ("DELETE", "/products/{product}", 405, "method-not-allowed"),
        ("PATCH", "/products/{product}", 405, "method-not-allowed"),
        ("POST", "/payments/{order}", 405, "method-not-allowed"),
        ("DELETE", "/payments/{order}", 405, "method-not-allowed"),
        ("GET", "/products/{product}/restock", 405, "method-not-allowed"),
        ("GET", "/payments/webhook", 404, "not-found"),
        ("PUT", "/payments/webhook", 404, "not-found"),
        ("TRACE", "/orders", 405, "method-not-allowed"),
        ("FOO", "/orders", 405, "method-not-allowed"),
        ("PROPFIND", "/products", 404, "not-found"),
        ("GET", "/dev/token", 404, "not-found"),
    ];

    private static readonly string[] Limits =
    [
        "0", "-1", "101", "2147483648", "99999999999999999999", "1.5", "abc", "1e2", "%00", "0x10",
    ];

    private static readonly string[] Cursors =
    [
        "x", "%00", "%27%20OR%201=1--", "AZcAAAAAcACAAAAAAAAAA", "AZcAAAAAcACAAAAAAAAAAQ==",
        "AZcAAAAAcACAAAAAAAAA*Q", "..%2f..%2fetc%2fpasswd", new string('A', 4000),
    ];

    private static Attack Post(
        string name, string path, int status, string problem, string? role = "shopper",
        string body = "{}") => new(name, "POST", path, status, problem)
        {
            As = role,
            Body = Encoding.UTF8.GetBytes(body),
        };
}

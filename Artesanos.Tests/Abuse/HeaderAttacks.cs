using System.Text;

namespace Artesanos.Tests.Abuse;

/// <summary>Headers that lie, and tokens that nobody of ours signed.</summary>
internal static class HeaderAttacks
{
    private const string NoneSigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0."
        + "eyJzdWIiOiJhbmEiLCJyb2xlIjoib3BlcmF0b3IiLCJleHAiOjQxMDI0NDQ4MDB9.";

    private const string OtherKey = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
        + "eyJzdWIiOiJhbmEiLCJyb2xlIjoic2hvcHBlciIsImV4cCI6NDEwMjQ0NDgwMH0."
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    public static IEnumerable<Attack> All =>
    [
        .. Authorizations.Select(row => Attack.Get("/orders", 401, "unauthorized", role: null)
            with
        {
            Name = $"authorization {row.Name}",
            Headers = [("Authorization", row.Value)],
        }),
        Attack.Get($"/orders?access_token={OtherKey}", 401, "unauthorized", role: null),
        Attack.Get("/orders", 401, "unauthorized", role: null) with
        {
            Name = "token in a cookie",
            Headers = [("Cookie", $"access_token={OtherKey}")],
        },
        Attack.Get("/orders/operations/stuck", 403, "forbidden") with
        {
            Name = "role in a header",
            Headers = [("X-Role", "operator"), ("X-User", "admin"), ("X-Original-URL", "/")],
        },
        Attack.Get("/orders/metrics", 404, "not-found") with
        {
            Name = "another path in a header",
            Headers = [("X-Original-URL", "/orders/metrics"), ("X-Rewrite-URL", "/orders/metrics")],
        },
        .. Methods.Select(method => Attack.Get("/orders/{order}", 404, "not-found") with
        {
            Name = $"method override to {method}",
            Headers = [("X-HTTP-Method-Override", method), ("X-HTTP-Method", method)],
        }),
        .. Keys.Select(row => Attack.Order($"idempotency key {row.Name}", Order,
            "Idempotency-Key") with { Headers = [("Idempotency-Key", row.Value)] }),
        Attack.Order("two idempotency keys", Order, "Idempotency-Key") with
        {
            Headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")],
        },
    ];

    public static IEnumerable<Attack> Webhooks =>
    [
        .. Signatures.Select(row => Webhook($"webhook signature {row.Name}", Event, 400,
            "webhook-signature", row.Value)),
        Webhook("webhook without a signature", Event, 400, "webhook-signature", null),
        Webhook("webhook without a body", "", 400, "webhook-signature", "t=1,v1=00"),
        Webhook("webhook that is no JSON", "{", 400, "webhook-signature", "t=1,v1=00"),
        Webhook("webhook of 257 KiB", Event.PadRight(257 * 1024), 413, "body-too-large",
            "t=1,v1=00"),
        Webhook("webhook of 10 MiB", Event.PadRight(10 * 1024 * 1024), 413, "body-too-large",
            "t=1,v1=00"),
        Webhook("webhook of invalid UTF-8", "", 400, "webhook-signature", "t=1,v1=00") with
        {
            Body = [0xFF, 0xFE, 0xC0],
        },
    ];

    private const string Order =
        """{"lines":[{"productId":"01990000-0000-7000-8000-0000000000aa","quantity":1}]}""";

    private const string Event =
        """
        {"object":"event","id":"evt_abuse","type":"payment_intent.succeeded","data":{"object":{}}}
        """;

    private static readonly string[] Methods = ["DELETE", "POST"];

    private static readonly (string Name, string Value)[] Authorizations =
    [
        ("empty", ""), ("Bearer without a token", "Bearer"), ("Bearer with a blank", "Bearer  "),
        ("Basic", "Basic YWRtaW46YWRtaW4="), ("Digest", "Digest username=\"admin\""),
        ("of another scheme", "Token abc"), ("one word", "Bearer x"), ("two dots", "Bearer .."),
        ("four parts", "Bearer a.b.c.d"), ("five parts", "Bearer a.b.c.d.e"),
        ("not base64", "Bearer *.*.*"), ("alg none", $"Bearer {NoneSigned}"),
        ("alg none with a signature", $"Bearer {NoneSigned}AAAA"),
        ("alg NoNe", $"Bearer {Encoded("""{"alg":"NoNe"}""")}.{Encoded("{}")}."),
        ("HS256", $"Bearer {OtherKey}"),
        ("with a key of its own", $"Bearer {Encoded(
            """{"alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}}""")}.{Encoded(
            """{"sub":"ana"}""")}.AAAA"),
        ("with a key elsewhere", $"Bearer {Encoded(
            """{"alg":"RS256","jku":"http://127.0.0.1:9/keys","kid":"../../dev/null"}""")}.{Encoded(
            """{"sub":"ana"}""")}.AAAA"),
        ("with claims that are no JSON",
            $"Bearer {Encoded("""{"alg":"ES256"}""")}.{Encoded("{")}.A"),
        ("with a list of claims", $"Bearer {Encoded("""{"alg":"ES256"}""")}.{Encoded("[]")}.AAAA"),
        ("with a deep header", $"Bearer {Encoded(new string('[', 2000))}.{Encoded("{}")}.AAAA"),
        ("of 8,000 characters", $"Bearer {new string('a', 8000)}"),
        ("JWE", $"Bearer {Encoded("""{"alg":"dir","enc":"A256GCM"}""")}..AAAA.AAAA.AAAA"),
    ];

    private static readonly (string Name, string Value)[] Keys =
    [
        ("empty", ""), ("with a blank inside", "a b"), ("with a tab", "a\tb"),
        ("of 256 characters", new string('k', 256)), ("of 8,000 characters", new string('k', 8000)),
        ("with DEL", "a\u007f"),
    ];

    private static readonly (string Name, string Value)[] Signatures =
    [
        ("empty", ""), ("nonsense", "nonsense"), ("without a time", "v1=00"),
        ("without a hash", "t=1"), ("of old", "t=1,v1=00"),
        ("of the far future", "t=99999999999,v1=00"),
        ("of an impossible time", "t=99999999999999999999,v1=00"),
        ("of a negative time", "t=-1,v1=00"), ("of another scheme", "t=1,v0=00"),
        ("with many hashes", "t=1," + string.Join(',', Enumerable.Repeat("v1=00", 300))),
        ("of 3,000 characters", new string('t', 3000)), ("of separators", ",,,,====,,,,"),
    ];

    private static Attack Webhook(
        string name, string body, int status, string problem, string? signature) =>
        new(name, "POST", "/payments/webhook", status, problem)
        {
            As = null,
            Body = Encoding.UTF8.GetBytes(body),
            Headers = signature is null ? [] : [("Stripe-Signature", signature)],
        };

    private static string Encoded(string json) =>
        System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}

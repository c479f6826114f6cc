using System.Text;

namespace Artesanos.Tests.Abuse;

/// <summary>Bodies that are no JSON of ours at all.</summary>
internal static class BodyAttacks
{
    private const string Good =
        """{"lines":[{"productId":"01990000-0000-7000-8000-0000000000aa","quantity":1}]}""";

    public static IEnumerable<Attack> All =>
    [
        .. Broken.Select(body => Attack.Order($"body {body.Name}", body.Text)),
        .. Binary.Select(body => Attack.Order($"body {body.Name}", "") with { Body = body.Bytes }),
        .. InUtf8.Select(part => Attack.Order($"text with {part.Name}", "", "paymentMethodId")
            with { Body = WithText(part.Bytes) }),
        .. TooLarge.Select(body => Attack.Order($"body {body.Name}", body.Text) with
        {
            Status = 413,
            Problem = "body-too-large",
        }),
        .. ContentTypes.Select(type => Attack.Order($"content type {type ?? "none"}", Good) with
        {
            ContentType = type,
            Status = 415,
            Problem = "unsupported-media-type",
        }),
        .. Encodings.Select(coding => Attack.Order($"content coding {coding}", Good) with
        {
            Headers = [("Content-Encoding", coding)],
            Status = 415,
            Problem = "unsupported-media-type",
        }),
    ];

    private static readonly (string Name, string Text)[] Broken =
    [
        ("empty", ""), ("of blanks", "   "), ("null", "null"), ("true", "true"), ("number", "1"),
        ("text", "\"lines\""), ("list", "[]"), ("list of orders", $"[{Good}]"),
        ("two orders", Good + Good), ("with something after it", Good + "x"),
        ("cut off", Good[..^1]), ("cut off in a text", Good[..30]),
        ("trailing comma in an object", Good[..^1] + ",}"),
        ("trailing comma in a list", Good.Replace("]", ",]", StringComparison.Ordinal)),
        ("comment", Good + "/* */"),
        ("line comment", "// order\n" + Good), ("single quotes", "{'lines':[]}"),
        ("names without quotes", "{lines:[]}"), ("NaN", "{\"lines\":NaN}"),
        ("Infinity", "{\"lines\":Infinity}"), ("leading zero", "{\"lines\":01}"),
        ("plus sign", "{\"lines\":+1}"), ("hexadecimal", "{\"lines\":0x1}"),
        ("tab in a text", "{\"lines\":\"\t\"}"), ("unknown escape", "{\"lines\":\"\\x41\"}"),
        ("form", "lines=1&quantity=2"), ("XML", "<?xml version=\"1.0\"?><lines/>"),
        ("XML with entities", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"),
        ("YAML", "lines:\n  - quantity: 1"), ("script", "<script>alert(1)</script>"),
        ("20,000 lists deep", new string('[', 20_000)),
        ("20,000 objects deep", string.Concat(Enumerable.Repeat("{\"a\":", 12_000))),
        ("65 deep where nobody looks", $"{Good[..^1]},\"more\":{new string('[', 65)}"
            + $"{new string(']', 65)}}}"),
    ];

    private static readonly (string Name, byte[] Bytes)[] Binary =
    [
        ("in UTF-16", Encoding.Unicode.GetBytes(Good)),
        ("in UTF-16 with its mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Good)]),
        ("in UTF-32", Encoding.UTF32.GetBytes(Good)),
        ("of zeros", new byte[1000]),
        ("gzip", [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3]),
        ("MessagePack", [0x81, 0xA5, 0x6C, 0x69, 0x6E, 0x65, 0x73, 0x90]),
    ];

    private static readonly (string Name, byte[] Bytes)[] InUtf8 =
    [
        ("an invalid UTF-8 byte", [0xFF]), ("an overlong UTF-8 form", [0xC0, 0xAF]),
        ("a cut UTF-8 form", [0xE2, 0x82]), ("a surrogate in UTF-8", [0xED, 0xA0, 0x80]),
        ("a character after the last", [0xF4, 0x90, 0x80, 0x80]),
    ];

    private static readonly (string Name, string Text)[] TooLarge =
    [
        ("one byte over 64 KiB", Good.PadRight((64 * 1024) + 1)),
        ("of 1 MiB", Good.PadRight(1024 * 1024)),
        ("of 20 MiB", Good.PadRight(20 * 1024 * 1024)),
        ("of 1 MiB in one number", "{\"lines\":" + new string('9', 1024 * 1024)),
    ];

    private static readonly string?[] ContentTypes =
    [
        null, "text/plain", "text/html", "application/xml", "application/octet-stream",
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/jsonp", "application/json; charset=utf-16", "application/json; charset=utf-7",
        "application/json; charset=martian", "nonsense", "*/*",
    ];

    private static readonly string[] Encodings = ["gzip", "br", "deflate", "identity, gzip"];

    private static byte[] WithText(byte[] bytes)
    {
        var parts = $$"""{{{Good[1..^1]}},"paymentMethodId":"?"}""".Split('?');
        return [.. Encoding.UTF8.GetBytes(parts[0]), .. bytes, .. Encoding.UTF8.GetBytes(parts[1])];
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Artesanos.Dashboard.Orders;

/// <summary>JSON for people, without what nobody should read over a shoulder.</summary>
internal static class PayloadText
{
    public const string Masked = "●●●●●●";

    private static readonly string[] _secret = ["secret", "token", "password", "card", "cvc"];

    private static readonly JsonSerializerOptions _indented = new()
    {
        WriteIndented = true,
        // Names of towns and people stay readable; the page encodes for HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Pretty(string payload)
    {
        try
        {
            var json = JsonNode.Parse(payload);
            Mask(json);
            return json?.ToJsonString(_indented) ?? "null";
        }
        catch (JsonException)
        {
            // A dead letter may hold anything, and what it holds is not shown unread.
            return $"(not JSON, {payload.Length} characters)";
        }
    }

    private static void Mask(JsonNode? node)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                Mask(item);
            }
        }
        if (node is not JsonObject fields)
        {
            return;
        }
        foreach (var (name, value) in fields.ToList())
        {
            if (_secret.Any(s => name.Contains(s, StringComparison.OrdinalIgnoreCase)))
            {
                fields[name] = Masked;
            }
            else
            {
                Mask(value);
            }
        }
    }
}

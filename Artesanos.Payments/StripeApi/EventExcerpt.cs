using System.Buffers;
using System.Text.Json;

namespace Artesanos.Payments.StripeApi;

/// <summary>
/// What is stored of an event: the fields that <see cref="StripeEvent"/> reads, in their places.
/// A raw body also has the intent's client secret, the shopper's name and address and data of
/// the card, which may be in no database of ours; the whole event can be fetched by its id.
/// </summary>
internal static class EventExcerpt
{
    private static readonly string[] EnvelopeFields =
        ["id", "object", "type", "api_version", "created", "livemode"];

    private static readonly string[] SubjectFields =
    [
        "id", "object", "status", "created", "livemode", "payment_intent", "charge", "amount",
        "amount_received", "amount_refunded", "refunded", "currency", "cancellation_reason",
        "failure_reason", "reason",
    ];

    private static readonly string[] MetadataFields =
        [StripeSnapshots.OrderId, StripeSnapshots.RefundId];

    private static readonly string[] ErrorFields = ["type", "code", "decline_code"];

    /// <param name="body">The JSON of an event.</param>
    public static byte[] Of(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var subject = document.RootElement.GetProperty("data").GetProperty("object");
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        Copy(json, document.RootElement, EnvelopeFields);
        json.WriteStartObject("data");
        json.WriteStartObject("object");
        Copy(json, subject, SubjectFields);
        CopyObject(json, subject, "metadata", MetadataFields);
        CopyObject(json, subject, "last_payment_error", ErrorFields);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void CopyObject(
        Utf8JsonWriter json, JsonElement owner, string name, string[] fields)
    {
        if (owner.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.Object)
        {
            json.WriteStartObject(name);
            Copy(json, child, fields);
            json.WriteEndObject();
        }
    }

    /// <summary>Single values only: an object in a field's place is an expanded one.</summary>
    private static void Copy(Utf8JsonWriter json, JsonElement owner, string[] fields)
    {
        foreach (var field in fields)
        {
            if (owner.TryGetProperty(field, out var value)
                && value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            {
                json.WritePropertyName(field);
                value.WriteTo(json);
            }
        }
    }
}

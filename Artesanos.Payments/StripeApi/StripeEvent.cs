using System.Text.Json;
using Artesanos.Payments.Charging;
using Stripe;

namespace Artesanos.Payments.StripeApi;

/// <summary>
/// What we read of a webhook's JSON. Read by hand: a correctly signed event of any API version
/// has these fields, and nothing of it can fail in a deserializer.
/// </summary>
/// <param name="IntentId">The intent it is about, or null.</param>
/// <param name="IsOurVersion">False: its object may mean something else in our version.</param>
/// <param name="Fact">What it says about a payment; null for types that are only kept.</param>
internal sealed record StripeEvent(
    string Id, string Type, string? IntentId, bool IsOurVersion, PaymentFact? Fact)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64 };

    public bool IsDispute => Type.StartsWith("charge.dispute.", StringComparison.Ordinal);

    /// <exception cref="JsonException">Not the JSON of an event.</exception>
    public static StripeEvent Parse(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, Strict);
        var root = document.RootElement;
        if (Text(root, "object") != "event" || Text(root, "id") is not { Length: > 0 and < 256 } id
            || Text(root, "type") is not { Length: > 0 and < 256 } type
            || Child(root, "data") is not { } data || Child(data, "object") is not { } subject)
        {
            throw new JsonException("The body is not an event.");
        }
        var isIntent = Text(subject, "object") == "payment_intent";
        var intentId = isIntent ? Text(subject, "id") : Text(subject, "payment_intent");
        return new StripeEvent(
            id, type, intentId,
            EventUtility.IsCompatibleApiVersion(Text(root, "api_version") ?? ""),
            intentId is null ? null : FactOf(type, subject));
    }

    private static PaymentFact? FactOf(string type, JsonElement subject) => type switch
    {
        "payment_intent.succeeded" or "payment_intent.payment_failed"
            or "payment_intent.canceled" or "payment_intent.processing"
            or "payment_intent.requires_action" =>
            new PaymentFact.IntentSeen(Intent(subject), Answer: null),
        "charge.refunded" when Flag(subject, "refunded") => new PaymentFact.ChargeRefunded(),
        "refund.updated" or "refund.failed" or "refund.created" => new PaymentFact.RefundSeen(
            Text(subject, "id") ?? "", StripeSnapshots.RefundIdOf(
                Metadata(subject, StripeSnapshots.RefundId)),
            Text(subject, "status") ?? "", Number(subject, "amount"),
            Text(subject, "failure_reason")),
        _ => null,
    };

    private static IntentSnapshot Intent(JsonElement intent)
    {
        var error = Child(intent, "last_payment_error");
        return new IntentSnapshot(
            Text(intent, "id") ?? "", Text(intent, "status") ?? "",
            Metadata(intent, StripeSnapshots.OrderId), Number(intent, "amount_received"),
            Text(intent, "currency") ?? "", Flag(intent, "livemode"),
            error is { } e ? Text(e, "decline_code") ?? Text(e, "code") : null,
            Text(intent, "cancellation_reason"));
    }

    private static string? Metadata(JsonElement owner, string key) =>
        Child(owner, "metadata") is { } metadata ? Text(metadata, key) : null;

    private static JsonElement? Child(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var child)
            && child.ValueKind == JsonValueKind.Object ? child : null;

    private static string? Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long Number(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var number) ? number : 0;

    private static bool Flag(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}

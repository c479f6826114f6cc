using System.Text.Json;
using Artesanos.Payments.Charging;
using Artesanos.Payments.Disputes;
using Stripe;

namespace Artesanos.Payments.StripeApi;

/// <summary>
/// What we read of a webhook's JSON. Read by hand: a correctly signed event of any API version
/// has these fields, and nothing of it can fail in a deserializer.
/// </summary>
/// <param name="IntentId">The intent it is about, or null.</param>
/// <param name="IsOurVersion">False: its object may mean something else in our version.</param>
/// <param name="Fact">What it says about a payment; null for types that are only kept.</param>
/// <param name="Dispute">What it says about a dispute; null for all other types.</param>
internal sealed record StripeEvent(
    string Id, string Type, string? IntentId, bool IsOurVersion, PaymentFact? Fact,
    DisputeSeen? Dispute)
{
    /// <summary>
    /// What Payments acts on, and so what a webhook endpoint has to be subscribed to.
    /// </summary>
    public static readonly IReadOnlyList<string> HandledTypes =
    [
        "payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled",
        "payment_intent.processing", "payment_intent.requires_action",
        "charge.refunded", "refund.updated", "refund.failed",
        "charge.dispute.created", "charge.dispute.closed",
    ];

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64 };
    private static readonly long MaxUnixSeconds = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Whether it is more than kept.</summary>
    public bool NeedsWork => Fact is not null || Dispute is not null;

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
            intentId is null ? null : FactOf(type, subject),
            Text(subject, "object") == "dispute" ? DisputeOf(root, subject) : null);
    }

    private static DisputeSeen? DisputeOf(JsonElement root, JsonElement dispute) =>
        Text(dispute, "id") is not { Length: > 0 and < 256 } id ? null : new DisputeSeen(
            id, Text(dispute, "payment_intent"), Text(dispute, "charge"),
            Number(dispute, "amount"), Text(dispute, "currency") ?? "",
            Text(dispute, "reason") ?? "", Text(dispute, "status") ?? "",
            DateTimeOffset.FromUnixTimeSeconds(Seconds(dispute)),
            DateTimeOffset.FromUnixTimeSeconds(Seconds(root)));

    /// <summary>Its <c>created</c>, kept within what a timestamp can hold.</summary>
    private static long Seconds(JsonElement owner) =>
        Math.Clamp(Number(owner, "created"), 0, MaxUnixSeconds);

    private static PaymentFact? FactOf(string type, JsonElement subject) => type switch
    {
        "payment_intent.succeeded" or "payment_intent.payment_failed"
            or "payment_intent.canceled" or "payment_intent.processing"
            or "payment_intent.requires_action" =>
            new PaymentFact.IntentSeen(Intent(subject), Answer: null),
        "charge.refunded" when Flag(subject, "refunded") => new PaymentFact.ChargeRefunded(),
        "refund.updated" or "refund.failed" => new PaymentFact.RefundSeen(
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

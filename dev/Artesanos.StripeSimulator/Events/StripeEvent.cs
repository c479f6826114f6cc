using System.Text.Json;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Events;

/// <summary>Who caused an event: a request, or nobody (a timer, the control API).</summary>
internal readonly record struct Origin(string? RequestId, string? IdempotencyKey)
{
    public static readonly Origin None;
}

/// <summary>Something that happened, with its object as it was at that moment. The snapshot
/// never changes; only the state of its deliveries does.</summary>
internal sealed class StripeEvent(
    string type, string intent, byte[] snapshot, byte[]? previous, Origin origin, long created)
    : IStripeObject
{
    private int _pending;
    private int _failed;

    public string Id { get; } = StripeIds.Event();
    public long Created { get; } = created;
    public string Type { get; } = type;

    /// <summary>The id of the intent that its object is or belongs to.</summary>
    public string Intent { get; } = intent;

    /// <summary>Whether every webhook for it was delivered; Stripe counts pending ones as not.
    /// </summary>
    public bool Delivered => Volatile.Read(ref _pending) == 0 && Volatile.Read(ref _failed) == 0;

    public void DeliveryBegins() => Interlocked.Increment(ref _pending);

    public void DeliverySettled(bool delivered)
    {
        if (!delivered)
        {
            Interlocked.Increment(ref _failed);
        }

        Interlocked.Decrement(ref _pending);
    }

    /// <summary>The failed delivery is tried once more by hand.</summary>
    public void DeliveryResumes()
    {
        Volatile.Write(ref _failed, 0);
        DeliveryBegins();
    }

    public void Write(Utf8JsonWriter json, string apiVersion)
    {
        json.WriteStartObject();
        json.Text("id", Id);
        json.Text("object", "event");
        json.Text("api_version", apiVersion);
        json.Number("created", Created);
        json.WriteStartObject("data");
        json.WritePropertyName("object");
        json.WriteRawValue(snapshot, skipInputValidation: true);
        if (previous is not null)
        {
            json.WritePropertyName("previous_attributes");
            json.WriteRawValue(previous, skipInputValidation: true);
        }

        json.WriteEndObject();
        json.WriteBoolean("livemode", false);
        json.Number("pending_webhooks", Volatile.Read(ref _pending));
        json.WriteStartObject("request");
        json.Text("id", origin.RequestId);
        json.Text("idempotency_key", origin.IdempotencyKey);
        json.WriteEndObject();
        json.Text("type", Type);
        json.WriteEndObject();
    }
}

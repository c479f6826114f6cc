using System.Text.Json;
using Artesanos.StripeSimulator.Charges;
using Artesanos.StripeSimulator.Disputes;
using Artesanos.StripeSimulator.PaymentIntents;
using Artesanos.StripeSimulator.Refunds;
using Artesanos.StripeSimulator.Webhooks;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Events;

/// <summary>Records what happens and hands it to the webhooks at once. Called under the
/// account's lock, so that a snapshot shows exactly the change it tells of. Where an object was
/// changed and not made, <c>previous</c> writes the fields that changed, as they were.</summary>
internal sealed class EventLog(
    WebhookEndpoints endpoints, WebhookSender sender, TimeProvider time, int capacity)
{
    public ObjectTable<StripeEvent> Events { get; } = new(capacity, "event");

    public void Raise(string type, PaymentIntent intent, Origin origin) =>
        Raise(type, intent, json => PaymentIntentJson.Write(json, intent, Expansion.None), origin);

    public void Raise(
        string type, Charge charge, Origin origin, Action<Utf8JsonWriter>? previous = null) =>
        Raise(type, charge.Intent,
            json => ChargeJson.Write(json, charge, Expansion.None), origin, previous);

    public void Raise(
        string type, Refund refund, Origin origin, Action<Utf8JsonWriter>? previous = null) =>
        Raise(type, refund.Charge.Intent,
            json => RefundJson.Write(json, refund, Expansion.None), origin, previous);

    public void Raise(
        string type, Dispute dispute, Origin origin, Action<Utf8JsonWriter>? previous = null) =>
        Raise(type, dispute.Charge.Intent,
            json => DisputeJson.Write(json, dispute, Expansion.None), origin, previous);

    private void Raise(
        string type, PaymentIntent intent, Action<Utf8JsonWriter> write, Origin origin,
        Action<Utf8JsonWriter>? previous = null)
    {
        var created = time.GetUtcNow().ToUnixTimeSeconds();
        var before = previous is null ? null : JsonSnapshot.Of(json =>
        {
            json.WriteStartObject();
            previous(json);
            json.WriteEndObject();
        });
        var happened = new StripeEvent(
            type, intent.Id, JsonSnapshot.Of(write), before, origin, created);
        Events.Add(happened);
        foreach (var endpoint in endpoints.EnabledFor(type))
        {
            happened.DeliveryBegins();
            sender.Send(happened, endpoint);
        }
    }
}

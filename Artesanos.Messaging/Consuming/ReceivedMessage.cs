using System.Diagnostics;
using System.Text.Json;
using Artesanos.Messaging.Contracts;
using NATS.Client.JetStream;

namespace Artesanos.Messaging.Consuming;

/// <summary>A message in hand: delivered, not yet settled. Disposing ends its span.</summary>
internal sealed class ReceivedMessage : IDisposable
{
    private readonly Activity? _activity;

    private ReceivedMessage(INatsJSMsg<byte[]> raw, Message? message, string? invalid, Activity? activity)
    {
        (Raw, Message, Invalid, _activity) = (raw, message, invalid, activity);
    }

    public INatsJSMsg<byte[]> Raw { get; }

    /// <summary>The decoded message; null for an invalid one and for an event of no interest.</summary>
    public Message? Message { get; }

    /// <summary>Why it breaks its contract, or null.</summary>
    public string? Invalid { get; }

    public ulong Deliveries => Raw.Metadata?.NumDelivered ?? 1;

    /// <summary>The lane is chosen before anything is decoded.</summary>
    public static int Lane(INatsJSMsg<byte[]> raw, int lanes) =>
        (Header(raw, MessageHeaders.Key)?.GetHashCode(StringComparison.Ordinal) & int.MaxValue ?? 0)
        % lanes;

    public static ReceivedMessage Decode(INatsJSMsg<byte[]> raw)
    {
        if (MessageTypes.Find(raw.Subject) is not { } type)
        {
            // A newer version of its publisher may tell more than we know; it may not command it.
            var invalid = raw.Subject.Contains(".commands.", StringComparison.Ordinal)
                ? $"Unknown command {raw.Subject}." : null;
            return new ReceivedMessage(raw, null, invalid, null);
        }
        if (!Guid.TryParse(Header(raw, MessageHeaders.MessageId), out var id))
        {
            return new ReceivedMessage(raw, null, $"{MessageHeaders.MessageId} is not a UUID.", null);
        }
        try
        {
            var body = JsonSerializer.Deserialize(raw.Data, type.Json)
                ?? throw new JsonException("The payload is null.");
            var parent = Header(raw, MessageHeaders.TraceParent);
            var activity = MessagingTelemetry.Start(
                "process " + raw.Subject, ActivityKind.Consumer, parent);
            var message = new Message(
                id, type.Key(body), raw.Subject, body, activity?.Id ?? parent);
            return new ReceivedMessage(raw, message, null, activity);
        }
        catch (JsonException failure)
        {
            return new ReceivedMessage(raw, null, failure.Message, null);
        }
    }

    public void Failed(string reason) => _activity?.SetStatus(ActivityStatusCode.Error, reason);

    public void Dispose() => _activity?.Dispose();

    private static string? Header(INatsJSMsg<byte[]> raw, string name) =>
        raw.Headers is { } headers && headers.TryGetValue(name, out var value)
            ? value.ToString() : null;
}

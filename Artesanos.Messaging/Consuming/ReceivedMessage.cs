using System.Diagnostics;
using Artesanos.Messaging.Contracts;
using NATS.Client.JetStream;

namespace Artesanos.Messaging.Consuming;

/// <summary>A message in hand: delivered, not yet settled. Disposing ends its span.</summary>
internal sealed class ReceivedMessage : IDisposable
{
    private ReceivedMessage(INatsJSMsg<byte[]> raw, Message? message, string? invalid, Activity? activity)
    {
        (Raw, Message, Invalid, Activity) = (raw, message, invalid, activity);
    }

    public INatsJSMsg<byte[]> Raw { get; }

    /// <summary>The decoded message; null for an invalid one and for an event of no interest.</summary>
    public Message? Message { get; }

    /// <summary>Why it breaks its contract, or null.</summary>
    public string? Invalid { get; }

    /// <summary>The span of handling it, part of its order's trace.</summary>
    public Activity? Activity { get; }

    /// <summary>When the stream stored it, by the server's clock.</summary>
    public DateTimeOffset? PublishedAt => Raw.Metadata?.Timestamp;

    public ulong Deliveries => Raw.Metadata?.NumDelivered ?? 1;

    /// <summary>The lane is chosen before anything is decoded.</summary>
    public static int Lane(INatsJSMsg<byte[]> raw, int lanes) =>
        (Header(raw, MessageHeaders.Key)?.GetHashCode(StringComparison.Ordinal) & int.MaxValue ?? 0)
        % lanes;

    public static ReceivedMessage Decode(INatsJSMsg<byte[]> raw)
    {
        if (MessageTypes.Find(raw.Subject) is null)
        {
            // A newer version of its publisher may tell more than we know; it may not command it.
            var unknown = raw.Subject.Contains(".commands.", StringComparison.Ordinal)
                ? $"Unknown command {raw.Subject}." : null;
            return new ReceivedMessage(raw, null, unknown, null);
        }
        var parent = Header(raw, MessageHeaders.TraceParent);
        var message = MessageDecoder.Decode(
            Header(raw, MessageHeaders.MessageId), raw.Subject, raw.Data, parent, out var invalid);
        if (message is null)
        {
            return new ReceivedMessage(raw, null, invalid, null);
        }
        var activity = MessagingTelemetry.Start(
            "process " + raw.Subject, ActivityKind.Consumer, parent);
        activity?.Name(message.Id, message.Key);
        return new ReceivedMessage(
            raw, message with { TraceParent = activity?.Id ?? parent }, null, activity);
    }

    public void Failed(string reason) => Activity?.SetStatus(ActivityStatusCode.Error, reason);

    public void Dispose() => Activity?.Dispose();

    private static string? Header(INatsJSMsg<byte[]> raw, string name) =>
        raw.Headers is { } headers && headers.TryGetValue(name, out var value)
            ? value.ToString() : null;
}

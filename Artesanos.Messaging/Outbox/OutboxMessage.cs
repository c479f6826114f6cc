using System.Diagnostics;
using System.Text.Json;
using Artesanos.Messaging.Contracts;

namespace Artesanos.Messaging.Outbox;

/// <summary>A message on its way from a transaction to its stream.</summary>
/// <param name="Id">Identity for ever: Nats-Msg-Id, ce-id and the receivers' inbox key.</param>
/// <param name="Key">Messages of one key (the order) are published in sequence.</param>
/// <param name="TraceParent">W3C trace context of what caused the message.</param>
public sealed record OutboxMessage(
    Guid Id, Guid Key, string Subject, byte[] Payload, string? TraceParent,
    DateTimeOffset CreatedAt)
{
    /// <summary>Serializes a contract; the trace defaults to the current activity's.</summary>
    public static OutboxMessage From(object message, DateTimeOffset now, string? traceParent = null)
    {
        var type = MessageTypes.Of(message);
        return new OutboxMessage(
            Guid.CreateVersion7(now), type.Key(message), type.Subject,
            JsonSerializer.SerializeToUtf8Bytes(message, type.Json),
            traceParent ?? Activity.Current?.Id, now);
    }
}

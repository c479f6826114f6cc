using System.Globalization;
using Artesanos.Messaging.Contracts;
using Artesanos.Messaging.Outbox;
using NATS.Client.Core;

namespace Artesanos.Messaging;

/// <summary>
/// Headers of every message: CloudEvents in NATS binding, plus the id by which JetStream drops
/// duplicates. All values are ASCII by construction (ids, subjects, times).
/// </summary>
internal static class MessageHeaders
{
    public const string MessageId = "Nats-Msg-Id";
    public const string TraceParent = "traceparent";
    public const string Time = "ce-time";

    /// <summary>CloudEvents' subject: the order, by which receivers choose a lane.</summary>
    public const string Key = "ce-subject";

    public static NatsHeaders For(OutboxMessage message, string source, string? traceParent)
    {
        var id = message.Id.ToString();
        var headers = new NatsHeaders
        {
            [MessageId] = id,
            ["ce-id"] = id,
            ["ce-type"] = MessageTypes.Find(message.Subject)?.Name ?? message.Subject,
            ["ce-source"] = source,
            [Key] = message.Key.ToString(),
            [Time] = message.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
            ["ce-specversion"] = "1.0",
            ["content-type"] = "application/json",
        };
        if (traceParent is not null)
        {
            headers[TraceParent] = traceParent;
        }
        return headers;
    }
}

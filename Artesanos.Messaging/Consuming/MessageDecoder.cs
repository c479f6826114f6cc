using System.Text.Json;
using Artesanos.Messaging.Contracts;

namespace Artesanos.Messaging.Consuming;

internal static class MessageDecoder
{
    /// <returns>The message, or null and why it breaks its contract.</returns>
    public static Message? Decode(
        string? id, string subject, byte[]? payload, string? traceParent, out string? invalid)
    {
        invalid = null;
        if (!Guid.TryParse(id, out var messageId))
        {
            invalid = $"{MessageHeaders.MessageId} is not a UUID.";
            return null;
        }
        if (MessageTypes.Find(subject) is not { } type)
        {
            invalid = $"Nothing of this version is sent on {subject}.";
            return null;
        }
        try
        {
            if (JsonSerializer.Deserialize(payload, type.Json) is { } body)
            {
                return new Message(messageId, type.Key(body), subject, body, traceParent);
            }
            invalid = "The payload is null.";
        }
        catch (JsonException failure)
        {
            invalid = failure.Message;
        }
        return null;
    }
}

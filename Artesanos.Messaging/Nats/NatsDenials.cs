using Artesanos.Messaging.Metrics;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Artesanos.Messaging.Nats;

/// <summary>
/// Says what the server refused. Whoever published sees a timeout and nothing else, so without
/// this a right that is missing would look like an outage.
/// </summary>
internal sealed partial class NatsDenials(ILogger<NatsDenials> logger)
{
    public ValueTask NoteAsync(NatsServerErrorEventArgs refusal)
    {
        MessagingMetrics.Refused(refusal.Kind);
        if (refusal.Kind == NatsServerErrorKind.PermissionsViolation)
        {
            // The server's text has the subject and nothing of the message.
            LogDenied(logger, refusal.Error);
        }
        else if (refusal.Error.Contains("authorization", StringComparison.OrdinalIgnoreCase))
        {
            LogUnknownUser(logger, refusal.Error);
        }
        else
        {
            LogServerError(logger, refusal.Error);
        }
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(LogLevel.Error,
        "NATS denies what this service's user may not do (docs/nats.md): {Denial}")]
    private static partial void LogDenied(ILogger logger, string denial);

    [LoggerMessage(LogLevel.Error,
        "NATS does not know this service's user ({Refusal}): put a user and password that it "
        + "knows into ConnectionStrings__nats, or a seed into Nats__NKeySeed, and start again.")]
    private static partial void LogUnknownUser(ILogger logger, string refusal);

    [LoggerMessage(LogLevel.Warning, "NATS reports an error: {Error}")]
    private static partial void LogServerError(ILogger logger, string error);
}

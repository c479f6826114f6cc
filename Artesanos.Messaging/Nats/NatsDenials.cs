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
        else
        {
            LogServerError(logger, refusal.Error);
        }
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(LogLevel.Error,
        "NATS denies what this service's user may not do (docs/nats.md): {Denial}")]
    private static partial void LogDenied(ILogger logger, string denial);

    [LoggerMessage(LogLevel.Warning, "NATS reports an error: {Error}")]
    private static partial void LogServerError(ILogger logger, string error);
}

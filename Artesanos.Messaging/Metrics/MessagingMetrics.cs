using System.Diagnostics.Metrics;
using Artesanos.Messaging.Contracts;
using NATS.Client.Core;

namespace Artesanos.Messaging.Metrics;

/// <summary>
/// Meter <c>Artesanos.Messaging</c>: what happens to messages (docs/metrics.md). Each has one
/// label, the name of the message's contract, which keeps both the number of series and the cost
/// of a recording small.
/// </summary>
internal static class MessagingMetrics
{
    private const string Label = "message";
    private const string Unknown = "unknown";

    public static readonly Meter Meter = new("Artesanos.Messaging");

    private static readonly Histogram<double> Processing = Meter.CreateHistogram(
        "event.processing.duration", "s",
        "From JetStream's ack of the publish to the commit of the handler, by message.",
        tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
                [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
        });

    private static readonly Counter<long> Published = Meter.CreateCounter<long>(
        "outbox.published", "{message}", "Messages that a stream has acknowledged.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "outbox.publish.failures", "{attempt}", "Publishes without an ack; they are repeated.");

    private static readonly Counter<long> Redeliveries = Meter.CreateCounter<long>(
        "inbox.redeliveries", "{delivery}", "Deliveries that were not a message's first.");

    private static readonly Counter<long> Dead = Meter.CreateCounter<long>(
        "dead_letters", "{message}", "Messages put aside for an operator.");

    private static readonly Counter<long> ServerErrors = Meter.CreateCounter<long>(
        "nats.server.errors", "{error}", "What NATS refused to this service, by kind.");

    /// <summary>Each series exists from the start, so that its first event is a rate.</summary>
    static MessagingMetrics()
    {
        Failures.Add(0, Tag(Unknown));
        Redeliveries.Add(0, Tag(Unknown));
        Dead.Add(0, Tag(Unknown));
        ServerErrors.Add(0, Kind(NatsServerErrorKind.PermissionsViolation));
    }

    public static void Handled(string message, TimeSpan sincePublished) => Processing.Record(
        Math.Max(0, sincePublished.TotalSeconds), Tag(message));

    public static void Sent(string subject) => Published.Add(1, Tag(NameOf(subject)));

    public static void NotSent(string subject) => Failures.Add(1, Tag(NameOf(subject)));

    public static void Redelivered(string subject) => Redeliveries.Add(1, Tag(NameOf(subject)));

    public static void PutAside(string subject) => Dead.Add(1, Tag(NameOf(subject)));

    public static void Refused(NatsServerErrorKind kind) => ServerErrors.Add(1, Kind(kind));

    private static KeyValuePair<string, object?> Kind(NatsServerErrorKind kind) =>
        new("kind", kind.ToString());

    private static KeyValuePair<string, object?> Tag(string message) => new(Label, message);

    // A subject may be anything; the contracts are few.
    private static string NameOf(string subject) => MessageTypes.Find(subject)?.Name ?? Unknown;
}

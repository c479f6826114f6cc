using System.Diagnostics.Metrics;
using Artesanos.ServiceDefaults.Metrics;

namespace Artesanos.Payments.Charging;

/// <summary>Meter <c>Artesanos.Payments</c> (docs/metrics.md).</summary>
internal static class PaymentMetrics
{
    private const string Other = "other";
    private const string None = "";

    public static readonly Meter Meter = new("Artesanos.Payments");

    private static readonly Counter<long> Outcomes = Meter.CreateCounter<long>(
        "payment.outcomes", "{payment}", "Payments that reached a status others hear of.");

    private static readonly Histogram<double> Calls = Meter.CreateHistogram(
        "stripe.call.duration", "s",
        "Calls to Stripe with the retries of its client, by what they proved.",
        tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
                [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
        });

    private static readonly Counter<long> Alerts = Meter.CreateCounter<long>(
        "payment.alerts", "{alert}", "What an operator has to look at.");

    private static readonly Counter<long> Webhooks = Meter.CreateCounter<long>(
        "stripe.webhooks", "{webhook}", "Webhooks, by event type and what became of them.");

    private static readonly Counter<long> Reconciled = Meter.CreateCounter<long>(
        "payment.reconciled", "{find}",
        "What reconciliation found before any webhook: intents that had changed, new events.");

    private static readonly SlidingShare SuccessRate = new(Meter, "payment.success_rate",
        "Succeeded of succeeded and failed payments, last 5 minutes.", TimeProvider.System);

    // Stripe has hundreds of types, and an account may subscribe to any.
    private static readonly HashSet<string> KnownTypes =
    [
        "payment_intent.created", "payment_intent.succeeded", "payment_intent.payment_failed",
        "payment_intent.canceled", "payment_intent.processing", "payment_intent.requires_action",
        "charge.succeeded", "charge.failed", "charge.updated", "charge.refunded",
        "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed",
        "refund.created", "refund.updated", "refund.failed",
    ];

    /// <summary>Each series exists from the start, so that its first event is a rate.</summary>
    static PaymentMetrics()
    {
        foreach (var alert in Enum.GetNames<PaymentAlert>().Append("Dispute"))
        {
            Alerts.Add(0, new KeyValuePair<string, object?>("alert", alert));
        }
        Reconciled.Add(0, What("intent"));
        Reconciled.Add(0, What("event"));
        Outcomes.Add(0, Status(PaymentStatus.Succeeded));
        Outcomes.Add(0, Status(PaymentStatus.Failed));
    }

    public static void Found(string what) =>
        Reconciled.Add(1, What(what));

    public static void Decided(PaymentDecision decision)
    {
        if (decision.Messages.Count == 0)
        {
            return;
        }
        var status = decision.Payment.Status;
        Outcomes.Add(1, Status(status));
        if (status is PaymentStatus.Succeeded or PaymentStatus.Failed)
        {
            SuccessRate.Add(status == PaymentStatus.Succeeded);
        }
    }

    public static void Called(StripeCall call, PaymentFact fact, TimeSpan duration) =>
        Calls.Record(duration.TotalSeconds,
            new("call", call.ToString()),
            new KeyValuePair<string, object?>("result", fact.GetType().Name));

    public static void Alerted(string alert) =>
        Alerts.Add(1, new KeyValuePair<string, object?>("alert", alert));

    private static KeyValuePair<string, object?> What(string what) => new("what", what);

    private static KeyValuePair<string, object?> Status(PaymentStatus status) =>
        new("status", status.Text());

    /// <param name="type">Type of a genuine event; null where nobody vouches for it.</param>
    public static void Webhook(string? type, string result) => Webhooks.Add(1,
        new("type", type is null ? None : KnownTypes.Contains(type) ? type : Other),
        new KeyValuePair<string, object?>("result", result));
}

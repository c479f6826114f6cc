using System.Diagnostics.Metrics;

namespace Artesanos.Payments.Charging;

/// <summary>Meter <c>Artesanos.Payments</c>.</summary>
internal static class PaymentMetrics
{
    private static readonly Meter Meter = new("Artesanos.Payments");

    private static readonly Counter<long> Outcomes = Meter.CreateCounter<long>(
        "artesanos.payments.outcomes", "{payment}", "Payments that reached a status.");

    private static readonly Counter<long> Calls = Meter.CreateCounter<long>(
        "artesanos.payments.stripe_calls", "{call}", "Calls to Stripe, by what they proved.");

    private static readonly Counter<long> Alerts = Meter.CreateCounter<long>(
        "artesanos.payments.alerts", "{alert}", "What an operator has to look at.");

    private static readonly Counter<long> Webhooks = Meter.CreateCounter<long>(
        "artesanos.payments.webhooks", "{webhook}", "Webhooks, by what became of them.");

    private static readonly Counter<long> Reconciled = Meter.CreateCounter<long>(
        "artesanos.payments.reconciled", "{find}",
        "What reconciliation found before any webhook: intents that had changed, new events.");

    public static void Found(string what) =>
        Reconciled.Add(1, new KeyValuePair<string, object?>("what", what));

    public static void Decided(PaymentDecision decision)
    {
        if (decision.Messages.Count > 0)
        {
            Outcomes.Add(1, new KeyValuePair<string, object?>(
                "status", decision.Payment.Status.Text()));
        }
    }

    public static void Called(StripeCall call, PaymentFact fact) => Calls.Add(
        1, new("call", call.ToString()), new KeyValuePair<string, object?>(
            "fact", fact.GetType().Name));

    public static void Alerted(string alert) =>
        Alerts.Add(1, new KeyValuePair<string, object?>("alert", alert));

    public static void Webhook(string result) =>
        Webhooks.Add(1, new KeyValuePair<string, object?>("result", result));
}

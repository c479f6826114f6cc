using System.Diagnostics.Metrics;
using Artesanos.ServiceDefaults.Metrics;

namespace Artesanos.Orders.Saga;

/// <summary>
/// Meter <c>Artesanos.Orders</c>: what becomes of orders and how long each step takes
/// (docs/metrics.md). Told once the transaction is committed.
/// </summary>
internal static class SagaMetrics
{
    private const string Other = "other";

    public static readonly Meter Meter = new("Artesanos.Orders");

    // A shopper waits for some steps, and some wait a quarter of an hour for the shopper.
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries =
            [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
    };

    private static readonly Counter<long> Started = Meter.CreateCounter<long>(
        "saga.started", "{saga}", "Orders placed.");

    private static readonly Counter<long> Ended = Meter.CreateCounter<long>(
        "saga.ended", "{saga}", "Sagas that ended, by outcome and reason.");

    private static readonly Counter<long> Resent = Meter.CreateCounter<long>(
        "saga.resends", "{command}", "Commands sent again since no answer came, by step.");

    private static readonly Counter<long> Revenue = Meter.CreateCounter<long>(
        "order.revenue_minor", "{minor_unit}",
        "Totals of completed orders in minor units, such as cents, by currency.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "saga.duration", "s", "From the placed order to its end, by outcome.",
        tags: null, Buckets);

    private static readonly Histogram<double> StepDuration = Meter.CreateHistogram(
        "saga.step.duration", "s", "How long sagas stayed in a status, by status and step.",
        tags: null, Buckets);

    private static readonly SlidingShare SuccessRate = new(Meter, "saga.success_rate",
        "Completed of completed and failed sagas, last 5 minutes.", TimeProvider.System);

    private static readonly SlidingShare CompletionRate = new(Meter, "order.completion_rate",
        "Completed of all ended orders, last 5 minutes.", TimeProvider.System);

    // Whatever Inventory says as a reason is passed on; a label has few values.
    private static readonly HashSet<string> KnownReasons =
    [
        Reasons.CancelledByCustomer, Reasons.CancelledByOperator, Reasons.PriceChanged,
        Reasons.ReserveTimeout, Reasons.PaymentTimeout, Reasons.PaymentFailed,
        Reasons.PaymentCancelled, Reasons.HoldExpired, Reasons.StockLost,
        "out_of_stock", "unknown_product", "mixed_currencies",
    ];

    /// <summary>Each series exists from the start, so that its first event is a rate.</summary>
    static SagaMetrics()
    {
        Started.Add(0);
        foreach (var state in Enum.GetValues<SagaState>())
        {
            Resent.Add(0, Status(state));
        }
        Ended.Add(0, Outcome(SagaState.Completed), Reason(null));
        foreach (var reason in KnownReasons)
        {
            var end = Reasons.IsCancellation(reason) ? SagaState.Cancelled : SagaState.Failed;
            Ended.Add(0, Outcome(end), Reason(reason));
        }
    }

    public static void Placed(int orders) => Started.Add(orders);

    public static void Repeated(SagaState state) => Resent.Add(1, Status(state));

    public static void Moved(OrderSaga before, OrderSaga after, DateTimeOffset now)
    {
        var (status, step) = OrderStatus.Name(before.State);
        StepDuration.Record((now - before.StateSince).TotalSeconds,
            new("status", status), new KeyValuePair<string, object?>("step", step ?? ""));
        if (after.State is SagaState.Completed or SagaState.Cancelled or SagaState.Failed)
        {
            End(after, now);
        }
    }

    private static void End(OrderSaga saga, DateTimeOffset now)
    {
        var completed = saga.State == SagaState.Completed;
        Ended.Add(1, Outcome(saga.State), Reason(saga.Reason));
        Duration.Record((now - saga.PlacedAt).TotalSeconds, Outcome(saga.State));
        CompletionRate.Add(completed);
        // Whoever changes their mind was served well.
        if (saga.State != SagaState.Cancelled)
        {
            SuccessRate.Add(completed);
        }
        if (completed)
        {
            Revenue.Add(saga.TotalMinor!.Value,
                new KeyValuePair<string, object?>("currency", saga.Currency));
        }
    }

    private static KeyValuePair<string, object?> Status(SagaState state) =>
        new("status", OrderStatus.Name(state).Status);

    private static KeyValuePair<string, object?> Outcome(SagaState state) =>
        new("outcome", OrderStatus.Name(state).Status);

    private static KeyValuePair<string, object?> Reason(string? reason) => new(
        "reason", reason is null ? "" : KnownReasons.Contains(reason) ? reason : Other);
}

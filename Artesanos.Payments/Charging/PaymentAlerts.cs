namespace Artesanos.Payments.Charging;

/// <summary>What an operator has to see: an error log with ids and a metric to alert on.</summary>
internal static partial class PaymentAlerts
{
    public static void Raise(ILogger logger, PaymentAlert alert, Payment payment)
    {
        PaymentMetrics.Alerted(alert.ToString());
        LogAlert(logger, alert, payment.OrderId, payment.IntentId, payment.Status,
            payment.FailureReason, payment.Tries);
    }

    public static void Dispute(ILogger logger, string eventId, string type, string? intentId)
    {
        PaymentMetrics.Alerted("Dispute");
        LogDispute(logger, eventId, type, intentId);
    }

    [LoggerMessage(LogLevel.Error,
        "Payment alert {Alert}: order {OrderId}, intent {IntentId} is {Status} ({Reason}), "
        + "{Tries} tries.")]
    private static partial void LogAlert(
        ILogger logger, PaymentAlert alert, Guid orderId, string? intentId, PaymentStatus status,
        string? reason, int tries);

    [LoggerMessage(LogLevel.Error, "Payment alert Dispute: {Type} {EventId}, intent {IntentId}.")]
    private static partial void LogDispute(
        ILogger logger, string eventId, string type, string? intentId);
}

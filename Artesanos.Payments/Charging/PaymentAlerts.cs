using Artesanos.Payments.Disputes;

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

    public static void Dispute(ILogger logger, DisputeSeen dispute)
    {
        PaymentMetrics.Alerted("Dispute");
        LogDispute(logger, dispute.Id, dispute.Status, dispute.IntentId, dispute.Reason);
    }

    [LoggerMessage(LogLevel.Error,
        "Payment alert {Alert}: order {OrderId}, intent {IntentId} is {Status} ({Reason}), "
        + "{Tries} tries.")]
    private static partial void LogAlert(
        ILogger logger, PaymentAlert alert, Guid orderId, string? intentId, PaymentStatus status,
        string? reason, int tries);

    [LoggerMessage(LogLevel.Error,
        "Payment alert Dispute: {DisputeId} is {Status}, intent {IntentId} ({Reason}).")]
    private static partial void LogDispute(
        ILogger logger, string disputeId, string status, string? intentId, string reason);
}

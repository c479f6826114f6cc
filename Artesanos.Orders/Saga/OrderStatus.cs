using System.Diagnostics;

namespace Artesanos.Orders.Saga;

/// <summary>The saga's state as the database, the API and metric labels spell it.</summary>
internal static class OrderStatus
{
    public const string Started = "STARTED";
    public const string StockReserved = "STOCK_RESERVED";

    private const string Compensating = "COMPENSATING";
    private const string Completed = "COMPLETED";
    private const string Cancelled = "CANCELLED";
    private const string Failed = "FAILED";

    private static readonly Dictionary<(string, string?), SagaState> States =
        Enum.GetValues<SagaState>().ToDictionary(Name);

    public static (string Status, string? Step) Name(SagaState state) => state switch
    {
        SagaState.Started => (Started, null),
        SagaState.StockReserved => (StockReserved, null),
        SagaState.PaymentPending => ("PAYMENT_PENDING", null),
        SagaState.Confirming => ("CONFIRMING", null),
        SagaState.CompensatingPayment => (Compensating, "payment"),
        SagaState.CompensatingStock => (Compensating, "stock"),
        SagaState.Completed => (Completed, null),
        SagaState.Cancelled => (Cancelled, null),
        SagaState.Failed => (Failed, null),
        _ => throw new UnreachableException(),
    };

    public static bool IsTerminal(string status) => status is Completed or Cancelled or Failed;

    public static SagaState State(string status, string? step) => States[(status, step)];
}

using Artesanos.Orders.Saga;

namespace Artesanos.Tests.Proof.Exploration;

/// <summary>The saga. Inputs: the events by their <see cref="Mail"/>, then the two below.</summary>
internal static class OrdersAutomaton
{
    public const int CancelAsked = 0;
    public const int Deadline = 1;
    public const int Inputs = 16;

    public static Automaton<OrderSaga> Of(Decisions decisions, string? paymentMethod)
    {
        var first = new OrderSaga
        {
            OrderId = TheOrder.Id,
            CustomerId = "ana",
            State = SagaState.Started,
            Lines = [new OrderedLine(TheOrder.Product, 1)],
            PaymentMethodId = paymentMethod,
            Deadline = TheOrder.Now,
        };
        return new Automaton<OrderSaga>(
            first, Inputs,
            (saga, input) => Message(saga!, input, paymentMethod) is { } message
                ? decisions.Orders(saga!, message, TheOrder.Now) : null,
            Reduce, Key, message => TheOrder.Of(message, paymentMethod));
    }

    private static object? Message(OrderSaga saga, int input, string? paymentMethod) =>
        input switch
        {
            CancelAsked => new CancelAsked(Reasons.CancelledByCustomer),
            Deadline => saga.Deadline is null ? null : new DeadlinePassed(),
            < (int)Mail.Reserved => null,
            _ => TheOrder.Message((Mail)input, paymentMethod),
        };

    /// <summary>
    /// Of the repetitions only the first counts, and only where a second deadline gives up; of
    /// the reason only whether it is a cancellation. Once no payment is left, no price counts.
    /// </summary>
    private static OrderSaga Reduce(OrderSaga saga)
    {
        var givesUp = saga.State is SagaState.Started or SagaState.StockReserved;
        var isUnpaid = saga.State is SagaState.CompensatingStock
            or SagaState.Cancelled or SagaState.Failed;
        var reduced = saga with
        {
            Version = 0,
            Resends = givesUp ? Math.Min(saga.Resends, 1) : 0,
            StuckSince = null,
            Deadline = saga.Deadline is null ? null : TheOrder.Now,
            Reason = saga.Reason is null ? null
                : Reasons.IsCancellation(saga.Reason) ? Reasons.CancelledByCustomer
                : Reasons.PaymentTimeout,
        };
        return isUnpaid ? reduced with
        {
            Lines = [new OrderedLine(TheOrder.Product, 1)],
            TotalMinor = null,
            Currency = null,
            ReservedUntil = null,
        } : reduced;
    }

    private static string Key(OrderSaga saga) =>
        saga.State + (saga.Resends > 0 ? ", sent again" : "")
        + (saga.Reason == Reasons.CancelledByCustomer ? ", cancel asked" : "")
        + (saga.RefundOwed ? ", refund owed" : "")
        + (saga.Deadline is null ? ", no deadline" : "")
        + (saga.TotalMinor is null ? ", not priced" : "");
}

using Artesanos.Messaging.Contracts;
using Artesanos.Orders.Saga;
using static Artesanos.Orders.Saga.SagaState;
using PaymentIsPending = Artesanos.Messaging.Contracts.PaymentPending;

namespace Artesanos.Tests.Proof.Exploration;

/// <summary>The real saga with one rule taken away.</summary>
internal static class OrdersMutations
{
    public static readonly Dictionary<string, Func<Decisions, Decisions>> All = new()
    {
        ["The stock is undone before the payment"] = On<DeadlinePassed>(
            [SagaState.PaymentPending], saga => To(saga, CompensatingStock, Release(saga))),
        ["A cancelled order undoes its stock before its payment"] = On<CancelAsked>(
            [StockReserved, SagaState.PaymentPending],
            saga => To(saga, CompensatingStock, Release(saga))),
        ["A released hold ends the order while its payment is undone"] =
            On<InventoryReleased>(
                [CompensatingPayment], saga => To(saga, SagaState.Failed, null)),
        ["A hold that expires frees the stock before the payment"] =
            On<InventoryReleased>(
                [StockReserved, SagaState.PaymentPending],
                saga => To(saga, CompensatingStock, Release(saga))),
        ["A payment completes the order before its stock is sold"] = On<PaymentSucceeded>(
            [StockReserved, SagaState.PaymentPending], saga => To(saga, Completed, null)),
        ["A rejected commit frees the stock and keeps the money"] = On<InventoryCommitRejected>(
            [Confirming], saga => To(saga, CompensatingStock, Release(saga))),
        ["A confirming order can still be cancelled"] = On<CancelAsked>(
            [Confirming], saga => To(saga, CompensatingPayment, Cancel(saga))),
        ["A success while the payment is undone confirms the order"] = On<PaymentSucceeded>(
            [CompensatingPayment],
            saga => To(saga, Confirming, new CommitInventory(saga.OrderId))),
        ["A success while the stock is undone asks for another refund first"] =
            On<PaymentSucceeded>(
                [CompensatingStock], saga => To(saga, CompensatingPayment, Cancel(saga))),
        ["The payment counts as undone as soon as it is pending"] = On<PaymentIsPending>(
            [CompensatingPayment], saga => To(saga, CompensatingStock, Release(saga))),
        ["A refused payment does not free the stock"] = On<PaymentFailed>(
            [StockReserved, SagaState.PaymentPending], saga => To(saga, SagaState.Failed, null)),
        ["A reserve that times out ends the order at once"] = On<DeadlinePassed>(
            [Started], saga => To(saga, SagaState.Failed, null)),
        ["Undoing the payment is never answered by a refund"] = On<PaymentRefunded>(
            [CompensatingPayment], saga => new Outcome<OrderSaga>(saga, [])),
    };

    private static Func<Decisions, Decisions> On<TMessage>(
        SagaState[] states, Func<OrderSaga, Outcome<OrderSaga>> instead) => real => real with
        {
            Orders = (saga, message, now) => message is TMessage && states.Contains(saga.State)
                ? instead(saga) : real.Orders(saga, message, now),
        };

    private static Outcome<OrderSaga> To(OrderSaga saga, SagaState state, object? command) => new(
        saga with
        {
            State = state,
            Reason = saga.Reason ?? Reasons.PaymentTimeout,
            Deadline = command is null ? null : TheOrder.Now,
        },
        command is null ? [] : [command]);

    private static ReleaseInventory Release(OrderSaga saga) =>
        new(saga.OrderId, Reasons.PaymentTimeout);

    private static CancelPayment Cancel(OrderSaga saga) =>
        new(saga.OrderId, Reasons.PaymentTimeout);
}

using System.Diagnostics;
using Artesanos.Messaging.Contracts;
using static Artesanos.Orders.Saga.SagaState;
using PaymentIsPending = Artesanos.Messaging.Contracts.PaymentPending;

namespace Artesanos.Orders.Saga;

/// <summary>What became of a message that met a saga.</summary>
internal enum StepKind
{
    /// <summary>The saga went on to another state, or to an obligation.</summary>
    Moved,

    /// <summary>The same state; the pending command is sent again.</summary>
    Resent,

    /// <summary>A duplicate, or an answer that no longer matters.</summary>
    Ignored,

    /// <summary>A request that comes too late: the caller is told.</summary>
    Refused,

    /// <summary>
    /// Never reached if every participant keeps its promises: a dead letter, an alert.
    /// </summary>
    Impossible,
}

internal sealed record Step(StepKind Kind, OrderSaga Saga, IReadOnlyList<object> Sends);

/// <summary>
/// The whole saga: a total, pure function of its state, a message and the time. One method per
/// state, one arm per message; the design's explicit-state model found no violation in it.
/// The payment is undone first and the stock second: Stripe cancels only what has not succeeded,
/// so stock that is freed first could still be paid for.
/// </summary>
internal readonly struct SagaTable(OrderSaga saga, DateTimeOffset now, SagaOptions options)
{
    /// <summary>
    /// Stamped on each order, so that a later table knows which one it started with.
    /// </summary>
    public const int TableVersion = 1;

    /// <param name="message">
    /// An event of Inventory or Payments, <see cref="CancelAsked"/>, <see cref="RetryAsked"/>
    /// or <see cref="DeadlinePassed"/>.
    /// </param>
    public static Step Decide(
        OrderSaga saga, object message, DateTimeOffset now, SagaOptions options)
    {
        var table = new SagaTable(saga, now, options);
        return saga.State switch
        {
            Started => table.OnStarted(message),
            StockReserved => table.OnStockReserved(message),
            SagaState.PaymentPending => table.OnPaymentPending(message),
            Confirming => table.OnConfirming(message),
            CompensatingPayment => table.OnCompensatingPayment(message),
            CompensatingStock => table.OnCompensatingStock(message),
            Completed => table.OnCompleted(message),
            Cancelled or Failed => table.OnUndone(message),
            _ => throw new UnreachableException(),
        };
    }

    private Step OnStarted(object message) => message switch
    {
        InventoryReserved reserved when PriceChanged(reserved) =>
            UndoStock(Reasons.PriceChanged, Priced(reserved)),
        InventoryReserved reserved => Move(
            Priced(reserved) with { State = StockReserved },
            options.PaymentStartTimeout, ProcessPayment(Priced(reserved))),
        InventoryOutOfStock outOfStock => End(Failed, outOfStock.Reason),
        DeadlinePassed when saga.Resends == 0 => Resend(options.ReserveTimeout),
        DeadlinePassed => UndoStock(Reasons.ReserveTimeout),
        CancelAsked cancel => UndoStock(cancel.Reason),
        RetryAsked => Refuse(),
        InventoryReleased { Reason: InventoryReleased.Expired } => Ignore(),
        InventoryCommitted or InventoryCommitRejected or InventoryReleased => Impossible(),
        PaymentIsPending or PaymentSucceeded or PaymentFailed
            or PaymentCancelled or PaymentRefunded => Impossible(),
        _ => throw new UnreachableException(),
    };

    private Step OnStockReserved(object message) => message switch
    {
        // The stock is held until the payment window closes, a margin before the hold expires.
        PaymentIsPending => Move(
            saga with { State = SagaState.PaymentPending }, PayBy - now),
        DeadlinePassed when saga.Resends == 0 => Resend(options.PaymentStartTimeout),
        _ => OnAwaitingPayment(message),
    };

    private Step OnPaymentPending(object message) => message switch
    {
        PaymentIsPending => Ignore(),
        _ => OnAwaitingPayment(message),
    };

    /// <summary>What STOCK_RESERVED and PAYMENT_PENDING have in common.</summary>
    private Step OnAwaitingPayment(object message) => message switch
    {
        PaymentSucceeded => Move(
            saga with { State = Confirming }, options.RetryDelay, new CommitInventory(Id)),
        PaymentFailed => UndoStock(Reasons.PaymentFailed),
        PaymentCancelled => UndoStock(Reasons.PaymentCancelled),
        DeadlinePassed => UndoPayment(Reasons.PaymentTimeout),
        CancelAsked cancel => UndoPayment(cancel.Reason),
        RetryAsked => Refuse(),
        InventoryReleased { Reason: InventoryReleased.Expired } =>
            UndoPayment(Reasons.HoldExpired),
        InventoryReserved => Ignore(),
        InventoryOutOfStock or InventoryCommitted or InventoryCommitRejected
            or InventoryReleased or PaymentRefunded => Impossible(),
        _ => throw new UnreachableException(),
    };

    private Step OnConfirming(object message) => message switch
    {
        InventoryCommitted => End(Completed, reason: null),
        InventoryCommitRejected => UndoPayment(Reasons.StockLost),
        DeadlinePassed => Resend(RetryDelay),
        RetryAsked => Retry(),
        CancelAsked => Refuse(),
        InventoryReserved or InventoryReleased { Reason: InventoryReleased.Expired } => Ignore(),
        PaymentIsPending or PaymentSucceeded or PaymentFailed => Ignore(),
        InventoryOutOfStock or InventoryReleased => Impossible(),
        PaymentCancelled or PaymentRefunded => Impossible(),
        _ => throw new UnreachableException(),
    };

    private Step OnCompensatingPayment(object message) => message switch
    {
        PaymentCancelled or PaymentRefunded => UndoStock(saga.Reason!),
        DeadlinePassed => Resend(RetryDelay),
        RetryAsked => Retry(),
        CancelAsked => Ignore(),
        InventoryReserved or InventoryCommitRejected
            or InventoryReleased { Reason: InventoryReleased.Expired } => Ignore(),
        PaymentIsPending or PaymentSucceeded or PaymentFailed => Ignore(),
        InventoryOutOfStock or InventoryCommitted or InventoryReleased => Impossible(),
        _ => throw new UnreachableException(),
    };

    private Step OnCompensatingStock(object message) => message switch
    {
        InventoryReleased => End(
            Reasons.IsCancellation(saga.Reason) ? Cancelled : Failed, saga.Reason),
        DeadlinePassed => Resend(RetryDelay),
        RetryAsked => Retry(),
        CancelAsked => Ignore(),
        InventoryReserved or InventoryOutOfStock or InventoryCommitRejected => Ignore(),
        PaymentIsPending or PaymentSucceeded or PaymentFailed
            or PaymentCancelled or PaymentRefunded => Ignore(),
        InventoryCommitted => Impossible(),
        _ => throw new UnreachableException(),
    };

    private Step OnCompleted(object message) => message switch
    {
        CancelAsked or RetryAsked => Refuse(),
        DeadlinePassed => Ignore(),
        InventoryReserved or InventoryCommitted
            or InventoryReleased { Reason: InventoryReleased.Expired } => Ignore(),
        PaymentIsPending or PaymentSucceeded or PaymentFailed => Ignore(),
        InventoryOutOfStock or InventoryCommitRejected or InventoryReleased => Impossible(),
        PaymentCancelled or PaymentRefunded => Impossible(),
        _ => throw new UnreachableException(),
    };

    private Step OnUndone(object message) => message switch
    {
        // Charged after all: the order stays what it is, and the money goes back.
        PaymentSucceeded => Move(
            saga with { RefundOwed = true }, options.RetryDelay, Cancellation(saga.Reason!)),
        PaymentRefunded or PaymentCancelled when saga.RefundOwed =>
            Move(saga with { RefundOwed = false }, wait: null),
        DeadlinePassed when saga.RefundOwed => Resend(RetryDelay),
        RetryAsked => Retry(),
        DeadlinePassed or CancelAsked => Ignore(),
        InventoryReserved or InventoryOutOfStock or InventoryCommitRejected
            or InventoryReleased => Ignore(),
        PaymentIsPending or PaymentFailed or PaymentCancelled
            or PaymentRefunded => Ignore(),
        InventoryCommitted => Impossible(),
        _ => throw new UnreachableException(),
    };

    private Guid Id => saga.OrderId;

    private DateTimeOffset PayBy =>
        (saga.ReservedUntil ?? now) - options.SafetyMargin;

    private bool PriceChanged(InventoryReserved reserved) =>
        saga.ExpectedTotalMinor is { } expected && expected != reserved.TotalMinor;

    /// <summary>Doubles with each repetition, up to the cap.</summary>
    private TimeSpan RetryDelay => TimeSpan.FromTicks(Math.Min(
        options.RetryDelay.Ticks << Math.Min(saga.Resends + 1, 20), options.MaxRetryDelay.Ticks));

    private OrderSaga Priced(InventoryReserved reserved) => saga with
    {
        Lines = [.. reserved.Lines.Select(line => new OrderedLine(
            line.ProductId, line.Quantity, line.Name, line.UnitPriceMinor))],
        TotalMinor = reserved.TotalMinor,
        Currency = reserved.Currency,
        ReservedUntil = reserved.ReservedUntil,
    };

    private ProcessPayment ProcessPayment(OrderSaga priced) => new(
        Id, priced.CustomerId, priced.TotalMinor!.Value, priced.Currency!,
        priced.PaymentMethodId, priced.ReservedUntil!.Value - options.SafetyMargin);

    private CancelPayment Cancellation(string reason) => new(Id, reason);

    private Step UndoPayment(string reason) => Move(
        saga with { State = CompensatingPayment, Reason = reason },
        options.RetryDelay, Cancellation(reason));

    private Step UndoStock(string reason) => UndoStock(reason, saga);

    private Step UndoStock(string reason, OrderSaga priced) => Move(
        priced with { State = CompensatingStock, Reason = reason },
        options.RetryDelay, new ReleaseInventory(Id, reason));

    private Step End(SagaState state, string? reason)
    {
        object ended = state switch
        {
            Completed => new OrderConfirmed(Id, saga.CustomerId,
                [.. saga.Lines.Select(line => new PricedLine(
                    line.ProductId, line.Name!, line.Quantity, line.UnitPriceMinor!.Value))],
                saga.TotalMinor!.Value, saga.Currency!),
            Cancelled => new OrderCancelled(Id, saga.CustomerId, reason!),
            _ => new OrderFailed(Id, saga.CustomerId, reason!),
        };
        return Move(saga with { State = state, Reason = reason }, wait: null, ended);
    }

    private Step Move(OrderSaga to, TimeSpan? wait, params IReadOnlyList<object> sends) => new(
        StepKind.Moved,
        to with { Deadline = now + wait, Resends = 0, StuckSince = null },
        sends);

    private Step Resend(TimeSpan wait)
    {
        object command = saga.State switch
        {
            Started => new ReserveInventory(
                Id, [.. saga.Lines.Select(line => new OrderLine(line.ProductId, line.Quantity))]),
            StockReserved => ProcessPayment(saga),
            Confirming => new CommitInventory(Id),
            CompensatingStock => new ReleaseInventory(Id, saga.Reason!),
            _ => Cancellation(saga.Reason!),
        };
        var resends = saga.Resends + 1;
        return new Step(StepKind.Resent, saga with
        {
            Deadline = now + wait,
            Resends = resends,
            StuckSince = saga.StuckSince
                ?? (resends >= options.StuckAfterResends ? now : null),
        }, [command]);
    }

    /// <summary>An operator has removed the cause: at once, and counted from the start.</summary>
    private Step Retry()
    {
        if (saga.StuckSince is null)
        {
            return Refuse();
        }
        var again = Resend(options.RetryDelay);
        return again with { Saga = again.Saga with { Resends = 0, StuckSince = null } };
    }

    private Step Ignore() => new(StepKind.Ignored, saga, []);
    private Step Refuse() => new(StepKind.Refused, saga, []);
    private Step Impossible() => new(StepKind.Impossible, saga, []);
}

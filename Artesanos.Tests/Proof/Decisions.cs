using Artesanos.Inventory.Reservations;
using Artesanos.Messaging.Contracts;
using Artesanos.Orders.Saga;
using Artesanos.Payments.Charging;

namespace Artesanos.Tests.Proof;

/// <summary>What a decision leaves behind.</summary>
/// <param name="Next">The row as it is to be stored; null: there is still none.</param>
/// <param name="Error">Why the message must never have come, or null.</param>
internal sealed record Outcome<T>(T? Next, IReadOnlyList<object> Sends, string? Error = null)
    where T : class
{
    /// <summary>What a reservation adds to the counters of its products.</summary>
    public IReadOnlyList<StockChange> Stock { get; init; } = [];

    /// <summary>Only a payment: the due call follows at once.</summary>
    public bool CallNow { get; init; }

    /// <summary>Only a payment: its refund is dead and another takes its place.</summary>
    public bool RenewsRefund { get; init; }
}

/// <summary>The time is up: what makes <see cref="ReservationRules.Expire"/> decide.</summary>
internal sealed record HoldTimeOver;

/// <summary>
/// The decisions of the three services behind one signature each, so that a mutation can take the
/// place of a real one. <see cref="Real"/> only forwards.
/// </summary>
internal sealed record Decisions
{
    public static readonly SagaOptions SagaOptions = new();

    public static readonly PaymentRules PaymentRules = new(
        LiveMode: false, CallLease: TimeSpan.FromSeconds(30),
        MaxRetryDelay: TimeSpan.FromMinutes(1), MaxTransientDeclines: 1);

    public static readonly TimeSpan HoldTime = new ReservationOptions().HoldTime;

    public static readonly Decisions Real = new();

    public Func<OrderSaga, object, DateTimeOffset, Outcome<OrderSaga>> Orders { get; init; } =
        DecideOrder;

    public Func<Reservation?, object, IReadOnlyDictionary<Guid, ProductStock>, DateTimeOffset,
        Outcome<Reservation>> Inventory
    { get; init; } = DecideReservation;

    /// <summary>The message is a command or a <see cref="PaymentFact"/>.</summary>
    public Func<Payment?, object, DateTimeOffset, Outcome<Payment>> Payments { get; init; } =
        DecidePayment;

    private static Outcome<OrderSaga> DecideOrder(
        OrderSaga saga, object message, DateTimeOffset now)
    {
        var step = SagaTable.Decide(saga, message, now, SagaOptions);
        return new Outcome<OrderSaga>(
            step.Saga, step.Sends,
            step.Kind == StepKind.Impossible ? $"{message.GetType().Name} in {saga.State}" : null);
    }

    private static Outcome<Reservation> DecideReservation(
        Reservation? row, object message, IReadOnlyDictionary<Guid, ProductStock> stock,
        DateTimeOffset now)
    {
        var decision = message switch
        {
            ReserveInventory reserve =>
                ReservationRules.Reserve(row, reserve, stock, now + HoldTime),
            CommitInventory => ReservationRules.Commit(row, stock),
            ReleaseInventory release => ReservationRules.Release(row, release),
            HoldTimeOver => ReservationRules.Expire(row!, now),
            OrderCancelled => ReservationRules.OrderEnded(row, "order_cancelled"),
            OrderFailed => ReservationRules.OrderEnded(row, "order_failed"),
            _ => throw new ArgumentOutOfRangeException(nameof(message), message, "Not handled."),
        };
        return new Outcome<Reservation>(
            decision.Next ?? row, decision.Answer is { } answer ? [answer] : [], decision.Refusal)
        {
            Stock = decision.Stock,
        };
    }

    private static Outcome<Payment> DecidePayment(
        Payment? row, object message, DateTimeOffset now)
    {
        var decision = message switch
        {
            ProcessPayment process =>
                DecideCommand.Process(row, process, null, PaymentRules, now),
            CancelPayment cancel => DecideCommand.Cancel(row, cancel, null, PaymentRules, now),
            PaymentFact fact => DecideFact.Decide(row!, fact, PaymentRules, now),
            _ => throw new ArgumentOutOfRangeException(nameof(message), message, "Not handled."),
        };
        return new Outcome<Payment>(decision.Payment, decision.Messages)
        {
            CallNow = decision.CallNow,
            RenewsRefund = row?.RefundId is { } id && decision.Payment.RefundId != id,
        };
    }
}

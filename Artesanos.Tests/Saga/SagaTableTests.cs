using Artesanos.Messaging.Contracts;
using Artesanos.Orders.Saga;
using Xunit;

namespace Artesanos.Tests.Saga;

/// <summary>
/// Every state × every message against the table of the design, written out a second time here
/// in its own words.
/// </summary>
public sealed class SagaTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);
    private static readonly SagaOptions Options = new();
    private static readonly Guid Order = Guid.Parse("01990000-0000-7000-8000-000000000001");
    private static readonly Guid Product = Guid.Parse("01990000-0000-7000-8000-0000000000aa");

    /// <summary>Rows: messages. Columns: ST SR PP CF UP US CO CA FA.</summary>
    private const string Table =
        """
        Reserved            SR  =  =  =  =  =  =  =  =
        OutOfStock          FA  !  !  !  !  =  !  =  =
        Committed           !   !  !  CO !  !  =  !  !
        CommitRejected      !   !  !  UP =  =  !  =  =
        ReleasedCompensated !   !  !  !  !  FA !  =  =
        ReleasedExpired     =   UP UP =  =  FA =  =  =
        PaymentPending      !   PP =  =  =  =  =  =  =
        PaymentSucceeded    !   CF CF =  =  =  =  owe owe
        PaymentFailed       !   US US =  =  =  =  =  =
        PaymentCancelled    !   US US !  US =  !  =  =
        PaymentRefunded     !   !  !  !  US =  !  =  =
        CancelAsked         US  UP UP no =  =  no =  =
        RetryAsked          no  no no no no no no no no
        RetryAskedWhenStuck no  no no re re re no re re
        FirstDeadline       re  re UP re re re =  =  =
        LastDeadline        US  UP UP re re re =  =  =
        """;

    private static readonly Dictionary<string, SagaState> States = new()
    {
        ["ST"] = SagaState.Started,
        ["SR"] = SagaState.StockReserved,
        ["PP"] = SagaState.PaymentPending,
        ["CF"] = SagaState.Confirming,
        ["UP"] = SagaState.CompensatingPayment,
        ["US"] = SagaState.CompensatingStock,
        ["CO"] = SagaState.Completed,
        ["CA"] = SagaState.Cancelled,
        ["FA"] = SagaState.Failed,
    };

    public static TheoryData<string, string, string> Cells()
    {
        var cells = new TheoryData<string, string, string>();
        foreach (var row in Table.Split('\n'))
        {
            var words = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (var (state, cell) in States.Keys.Zip(words[1..]))
            {
                cells.Add(state, words[0], cell);
            }
        }
        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_state_meets_every_message_as_designed(
        string state, string message, string cell)
    {
        var saga = In(States[state], resends: message == "LastDeadline" ? 1 : 0);
        if (message == "RetryAskedWhenStuck")
        {
            saga = saga with { Resends = 9, StuckSince = Now.AddHours(-1), RefundOwed = true };
        }

        var step = SagaTable.Decide(saga, Message(message), Now, Options);

        switch (cell)
        {
            case "=":
                Assert.Equal(StepKind.Ignored, step.Kind);
                Assert.Equal(saga, step.Saga);
                Assert.Empty(step.Sends);
                break;
            case "!":
                Assert.Equal(StepKind.Impossible, step.Kind);
                Assert.Empty(step.Sends);
                break;
            case "no":
                Assert.Equal(StepKind.Refused, step.Kind);
                Assert.Empty(step.Sends);
                break;
            case "re":
                Assert.Equal(StepKind.Resent, step.Kind);
                Assert.Equal(saga.State, step.Saga.State);
                Assert.Equal(CommandOf(saga.State), Assert.Single(step.Sends).GetType());
                Assert.True(step.Saga.Deadline > Now);
                break;
            case "owe":
                Assert.Equal(StepKind.Moved, step.Kind);
                Assert.Equal(saga.State, step.Saga.State);
                Assert.True(step.Saga.RefundOwed);
                Assert.IsType<CancelPayment>(Assert.Single(step.Sends));
                Assert.True(step.Saga.Deadline > Now);
                break;
            default:
                Assert.Equal(StepKind.Moved, step.Kind);
                Assert.Equal(States[cell], step.Saga.State);
                AssertEntered(step);
                break;
        }
    }

    /// <summary>What each state sends on entry, and whether it waits for an answer.</summary>
    private static void AssertEntered(Step step)
    {
        var expected = step.Saga.State switch
        {
            SagaState.StockReserved => typeof(ProcessPayment),
            SagaState.PaymentPending => null,
            SagaState.Confirming => typeof(CommitInventory),
            SagaState.CompensatingPayment => typeof(CancelPayment),
            SagaState.CompensatingStock => typeof(ReleaseInventory),
            SagaState.Completed => typeof(OrderConfirmed),
            SagaState.Cancelled => typeof(OrderCancelled),
            _ => typeof(OrderFailed),
        };
        Assert.Equal(expected, step.Sends.SingleOrDefault()?.GetType());
        var ended = step.Saga.State
            is SagaState.Completed or SagaState.Cancelled or SagaState.Failed;
        Assert.Equal(ended, step.Saga.Deadline is null);
    }

    [Fact]
    public void A_cancelled_order_ends_cancelled_and_not_failed()
    {
        var asked = SagaTable.Decide(
            In(SagaState.PaymentPending), new CancelAsked(Reasons.CancelledByCustomer), Now, Options);
        var undone = SagaTable.Decide(
            asked.Saga, new PaymentCancelled(Order, "cancelled"), Now, Options);
        var released = SagaTable.Decide(
            undone.Saga, Message("ReleasedCompensated"), Now, Options);

        Assert.Equal(SagaState.Cancelled, released.Saga.State);
        Assert.Equal(Reasons.CancelledByCustomer, released.Saga.Reason);
    }

    [Fact]
    public void A_total_other_than_the_expected_one_releases_the_stock_before_any_payment()
    {
        var saga = In(SagaState.Started) with { ExpectedTotalMinor = 4400 };

        var step = SagaTable.Decide(saga, Message("Reserved"), Now, Options);

        Assert.Equal(SagaState.CompensatingStock, step.Saga.State);
        Assert.Equal(Reasons.PriceChanged, step.Saga.Reason);
        Assert.IsType<ReleaseInventory>(Assert.Single(step.Sends));
    }

    [Fact]
    public void The_payment_window_closes_a_margin_before_the_hold_expires()
    {
        var reserved = SagaTable.Decide(
            In(SagaState.Started), Message("Reserved"), Now, Options);
        var pending = SagaTable.Decide(
            reserved.Saga, Message("PaymentPending"), Now, Options);

        var payBy = Now.AddMinutes(16) - Options.SafetyMargin;
        Assert.Equal(payBy, Assert.IsType<ProcessPayment>(reserved.Sends[0]).PayBy);
        Assert.Equal(payBy, pending.Saga.Deadline);
    }

    [Fact]
    public void A_refund_that_was_owed_is_settled_by_its_answer()
    {
        var late = SagaTable.Decide(
            In(SagaState.Failed), Message("PaymentSucceeded"), Now, Options);
        var again = SagaTable.Decide(late.Saga, new DeadlinePassed(), Now, Options);
        var settled = SagaTable.Decide(
            again.Saga, Message("PaymentRefunded"), Now, Options);

        Assert.IsType<CancelPayment>(Assert.Single(again.Sends));
        Assert.False(settled.Saga.RefundOwed);
        Assert.Null(settled.Saga.Deadline);
        Assert.Equal(SagaState.Failed, settled.Saga.State);
    }

    [Fact]
    public void Repetitions_slow_down_and_flag_the_saga_as_stuck()
    {
        var saga = In(SagaState.CompensatingPayment);
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 12; i++)
        {
            saga = SagaTable.Decide(saga, new DeadlinePassed(), Now, Options).Saga;
            waits.Add(saga.Deadline!.Value - Now);
            Assert.Equal(i + 1 >= Options.StuckAfterResends, saga.StuckSince is not null);
        }

        Assert.Equal(waits.Order(), waits);
        Assert.Equal(Options.MaxRetryDelay, waits[^1]);
    }

    [Fact]
    public void A_retry_takes_the_flag_off_and_counts_from_the_start()
    {
        var stuck = In(SagaState.CompensatingStock) with
        {
            Resends = 8,
            StuckSince = Now.AddHours(-1),
        };

        var step = SagaTable.Decide(stuck, new RetryAsked(), Now, Options);

        Assert.IsType<ReleaseInventory>(Assert.Single(step.Sends));
        Assert.Equal(0, step.Saga.Resends);
        Assert.Null(step.Saga.StuckSince);
        Assert.Equal(Now + Options.RetryDelay, step.Saga.Deadline);
    }

    private static OrderSaga In(SagaState state, int resends = 0) => new()
    {
        OrderId = Order,
        CustomerId = "ana",
        State = state,
        Reason = state >= SagaState.CompensatingPayment && state != SagaState.Completed
            ? Reasons.PaymentTimeout : null,
        Lines = state == SagaState.Started
            ? [new OrderedLine(Product, 2)]
            : [new OrderedLine(Product, 2, "Cántaro", 2250)],
        TotalMinor = state == SagaState.Started ? null : 4500,
        Currency = state == SagaState.Started ? null : "EUR",
        ReservedUntil = state == SagaState.Started ? null : Now.AddMinutes(16),
        Deadline = Now,
        Resends = resends,
    };

    private static object Message(string name) => name switch
    {
        "Reserved" => new InventoryReserved(
            Order, [new PricedLine(Product, "Cántaro", 2, 2250)], 4500, "EUR", Now.AddMinutes(16)),
        "OutOfStock" => new InventoryOutOfStock(Order, "out_of_stock", []),
        "Committed" => new InventoryCommitted(Order),
        "CommitRejected" => new InventoryCommitRejected(Order),
        "ReleasedCompensated" => new InventoryReleased(Order, InventoryReleased.Compensated),
        "ReleasedExpired" => new InventoryReleased(Order, InventoryReleased.Expired),
        "PaymentPending" => new PaymentPending(Order, "pi_1"),
        "PaymentSucceeded" => new PaymentSucceeded(Order, "pi_1", 4500, "EUR"),
        "PaymentFailed" => new PaymentFailed(Order, "card_declined"),
        "PaymentCancelled" => new PaymentCancelled(Order, "requested"),
        "PaymentRefunded" => new PaymentRefunded(Order, 4500, "EUR"),
        "RetryAsked" or "RetryAskedWhenStuck" => new RetryAsked(),
        "CancelAsked" => new CancelAsked(Reasons.CancelledByCustomer),
        _ => new DeadlinePassed(),
    };

    private static Type CommandOf(SagaState state) => state switch
    {
        SagaState.Started => typeof(ReserveInventory),
        SagaState.StockReserved => typeof(ProcessPayment),
        SagaState.Confirming => typeof(CommitInventory),
        SagaState.CompensatingStock => typeof(ReleaseInventory),
        _ => typeof(CancelPayment),
    };
}

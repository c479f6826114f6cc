using Artesanos.Messaging.Contracts;
using Artesanos.Orders.Saga;
using Artesanos.Tests.Proof.Exploration;
using CsCheck;
using Xunit;

namespace Artesanos.Tests.Proof.Properties;

/// <summary>
/// Any messages in any order, also those that no participant would ever send. A failure prints
/// its seed; <c>CsCheck_Seed=… dotnet run …</c> repeats it.
/// </summary>
[Trait("Category", "Proof")]
public sealed class SagaPropertyTests
{
    private const int Kinds = 14;
    private static readonly Gen<int[]> Sequences = Gen.Int[0, Kinds - 1].Array[1, 40];

    [Fact]
    public void No_sequence_of_messages_breaks_a_promise_of_the_saga() =>
        Sequences.Sample(Follow, iter: 20_000, threads: 1);

    [Fact]
    public void What_happened_once_does_nothing_the_second_time() => Sequences.Sample(kinds =>
    {
        var saga = First();
        foreach (var message in kinds.Select(Message))
        {
            saga = Decide(saga, message).Saga;
            if (message is not (DeadlinePassed or PaymentSucceeded))
            {
                var again = Decide(saga, message);
                Assert.Equal(saga.State, again.Saga.State);
                Assert.Empty(again.Sends);
            }
        }
    }, iter: 5_000, threads: 1);

    private static void Follow(int[] kinds)
    {
        var saga = First();
        var (asksForPayment, ended) = (false, 0);
        foreach (var message in kinds.Select(Message))
        {
            var step = Decide(saga, message);
            var next = step.Saga;
            if (step.Kind is StepKind.Ignored or StepKind.Refused or StepKind.Impossible)
            {
                Assert.Equal(saga, next);
                Assert.Empty(step.Sends);
            }
            if (IsTerminal(saga))
            {
                Assert.Equal(saga.State, next.State);
            }
            Assert.Equal(IsTerminal(next) && !next.RefundOwed, next.Deadline is null);
            var isStuck = next.Resends >= Decisions.SagaOptions.StuckAfterResends;
            Assert.Equal(isStuck, next.StuckSince is not null);
            foreach (var send in step.Sends)
            {
                AssertAllowed(saga, message, send, asksForPayment);
                asksForPayment |= send is ProcessPayment;
                ended += send is OrderConfirmed or OrderCancelled or OrderFailed ? 1 : 0;
            }
            saga = next;
        }
        Assert.Equal(IsTerminal(saga) ? 1 : 0, ended);
    }

    /// <summary>Payment before stock; sold only when paid, confirmed only when sold.</summary>
    private static void AssertAllowed(
        OrderSaga saga, object message, object send, bool asksForPayment)
    {
        switch (send)
        {
            case ReleaseInventory when asksForPayment && !IsRepetition(message):
                Assert.True(message is PaymentCancelled or PaymentRefunded or PaymentFailed);
                break;
            case ReleaseInventory when asksForPayment:
                Assert.Equal(SagaState.CompensatingStock, saga.State);
                break;
            case CommitInventory when !IsRepetition(message):
                Assert.IsType<PaymentSucceeded>(message);
                break;
            case CommitInventory:
                Assert.Equal(SagaState.Confirming, saga.State);
                break;
            case OrderConfirmed:
                Assert.IsType<InventoryCommitted>(message);
                Assert.Equal(SagaState.Confirming, saga.State);
                break;
            case OrderCancelled or OrderFailed:
                Assert.True(message is InventoryReleased or InventoryOutOfStock);
                break;
            default:
                break;
        }
    }

    private static bool IsRepetition(object message) =>
        message is DeadlinePassed or RetryAsked;

    private static bool IsTerminal(OrderSaga saga) =>
        saga.State is SagaState.Completed or SagaState.Cancelled or SagaState.Failed;

    private static Step Decide(OrderSaga saga, object message) =>
        SagaTable.Decide(saga, message, TheOrder.Now, Decisions.SagaOptions);

    private static object Message(int kind) => kind switch
    {
        0 => new DeadlinePassed(),
        1 => new CancelAsked(Reasons.CancelledByCustomer),
        2 => new RetryAsked(),
        _ => TheOrder.Message(Mail.Reserved + kind - 3, null),
    };

    private static OrderSaga First() => new()
    {
        OrderId = TheOrder.Id,
        CustomerId = "ana",
        State = SagaState.Started,
        Lines = [new OrderedLine(TheOrder.Product, 1)],
        Deadline = TheOrder.Now,
    };
}

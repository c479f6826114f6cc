using Artesanos.Dashboard.Orders;
using Artesanos.Messaging.Contracts;
using Artesanos.Orders.Saga;
using Xunit;
using SagaState = Artesanos.Orders.Saga.SagaState;

namespace Artesanos.Tests.Dashboard;

/// <summary>The drawing of the saga is the saga.</summary>
public sealed class SagaMapTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Id = Guid.CreateVersion7();

    [Fact]
    public void It_draws_every_state_and_every_move_of_the_table_and_no_other()
    {
        var moves = Enum.GetValues<SagaState>().SelectMany(Moves).ToHashSet();

        Assert.Equal(
            Enum.GetValues<SagaState>().Select(Name).Order(),
            SagaMap.States.Select(state => state.Name).Order());
        Assert.Equal(moves.Order(), SagaMap.Moves.Order());
    }

    [Fact]
    public void What_a_state_waits_for_is_the_command_that_it_sends_again()
    {
        foreach (var state in SagaMap.States.Where(state => state.Command is not null))
        {
            var saga = Saga(Enum.GetValues<SagaState>().Single(s => Name(s) == state.Name));
            var sent = SagaTable.Decide(saga, new DeadlinePassed(), Now, new SagaOptions()).Sends;
            // A payment that is pending was asked for already; it is undone, not asked again.
            var subject = state.Name == "PAYMENT_PENDING"
                ? "payments.commands.process" : MessageTypes.Of(sent.Single()).Subject;

            Assert.Equal(subject, state.Command);
            Assert.StartsWith(state.Service!, subject, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<(string, string)> Moves(SagaState from)
    {
        foreach (var reason in new[] { Reasons.CancelledByCustomer, Reasons.PaymentTimeout })
        {
            foreach (var resends in new[] { 0, 1 })
            {
                foreach (var message in Messages())
                {
                    var saga = Saga(from) with { Resends = resends, Reason = reason };
                    var step = SagaTable.Decide(saga, message, Now, new SagaOptions());
                    if (step.Saga.State != from)
                    {
                        yield return (Name(from), Name(step.Saga.State));
                    }
                }
            }
        }
    }

    private static IEnumerable<object> Messages() =>
    [
        new InventoryReserved(Id, [], 1000, "EUR", Now),
        new InventoryReserved(Id, [], 9, "EUR", Now),
        new InventoryOutOfStock(Id, "out_of_stock", []), new InventoryCommitted(Id),
        new InventoryCommitRejected(Id), new InventoryReleased(Id, InventoryReleased.Compensated),
        new InventoryReleased(Id, InventoryReleased.Expired), new PaymentPending(Id, "pi"),
        new PaymentSucceeded(Id, "pi", 1000, "EUR"), new PaymentFailed(Id, "declined"),
        new PaymentCancelled(Id, "cancelled"), new PaymentRefunded(Id, 1000, "EUR"),
        new CancelAsked(Reasons.CancelledByCustomer), new RetryAsked(), new DeadlinePassed(),
    ];

    private static OrderSaga Saga(SagaState state) => new()
    {
        OrderId = Id,
        CustomerId = "shopper",
        State = state,
        Reason = Reasons.PaymentTimeout,
        Lines = [new OrderedLine(Guid.CreateVersion7(), 1, "Botijo", 1000)],
        ExpectedTotalMinor = 1000,
        TotalMinor = 1000,
        Currency = "EUR",
        ReservedUntil = Now.AddMinutes(15),
        PlacedAt = Now,
    };

    private static string Name(SagaState state) => OrderStatus.Name(state) switch
    {
        (var status, null) => status,
        var (status, step) => $"{status}/{step}",
    };
}

using Artesanos.Messaging.Contracts;
using Artesanos.Orders.Saga;

namespace Artesanos.Tests.Proof.Simulation;

/// <summary>Orders: sagas, their history and their deadlines, around the real table.</summary>
internal sealed class OrdersService(
    Agenda agenda, Faults faults, Dice dice, Broker broker, Decisions decisions)
    : Service(agenda, faults, dice, broker)
{
    public Dictionary<Guid, OrderSaga> Sagas { get; } = [];
    public List<HistoryEntry> History { get; } = [];

    public bool Place(OrderSaga order)
    {
        if (Alive() is not { } replica || DiesHere(replica))
        {
            return false;
        }
        var saga = order with
        {
            Version = 1,
            Deadline = Agenda.Now + Decisions.SagaOptions.ReserveTimeout,
        };
        Sagas.Add(saga.OrderId, saga);
        History.Add(new HistoryEntry(
            saga.OrderId, 1, saga.State, HistoryEntry.Moved, "OrderPlaced", null, null));
        Wake(saga);
        OrderLine[] lines =
            [.. order.Lines.Select(line => new OrderLine(line.ProductId, line.Quantity))];
        Commit(replica, saga.OrderId,
        [
            new OrderCreated(saga.OrderId, saga.CustomerId, lines, Agenda.Now),
            new ReserveInventory(saga.OrderId, lines),
        ]);
        return true;
    }

    public void Cancel(Guid orderId)
    {
        if (Sagas.ContainsKey(orderId) && Alive() is { } replica && !DiesHere(replica))
        {
            Commit(replica, orderId, Apply(
                orderId, new CancelAsked(Reasons.CancelledByCustomer), null));
        }
    }

    protected override IReadOnlyList<object> Handle(Replica replica, Envelope envelope) =>
        Apply(envelope.OrderId, envelope.Body, envelope.Id);

    private IReadOnlyList<object> Apply(Guid orderId, object message, Guid? messageId)
    {
        var before = Sagas[orderId];
        var outcome = decisions.Orders(before, message, Agenda.Now);
        if (outcome.Error is { } error)
        {
            DeadLetters[messageId ?? orderId] = error;
            Journal?.Note(orderId, $"Orders: dead letter, {error}");
            return [];
        }
        var after = outcome.Next! with { Version = before.Version + 1 };
        var effect = after.State != before.State || after.RefundOwed != before.RefundOwed
            ? HistoryEntry.Moved
            : after.Resends > before.Resends ? HistoryEntry.Resent : HistoryEntry.Ignored;
        Sagas[orderId] = after;
        History.Add(new HistoryEntry(
            orderId, after.Version, after.State, effect, message.GetType().Name, messageId,
            AskedBy: null));
        Journal?.Note(orderId, $"Orders: {message.GetType().Name} in {before.State} => "
            + $"{after.State}, sends {Names(outcome.Sends)}");
        if (after.Deadline != before.Deadline)
        {
            Wake(after);
        }
        return outcome.Sends;
    }

    private void Wake(OrderSaga saga)
    {
        if (saga.Deadline is not { } deadline)
        {
            return;
        }
        WhenDue(deadline, isDeadline: true,
            () => Sagas[saga.OrderId].Deadline == deadline,
            replica => Commit(
                replica, saga.OrderId, Apply(saga.OrderId, new DeadlinePassed(), null)));
    }

    internal static string Names(IEnumerable<object> messages) =>
        string.Join(", ", messages.Select(message => message.GetType().Name));
}

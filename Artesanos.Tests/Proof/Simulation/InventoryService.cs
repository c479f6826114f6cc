using Artesanos.Inventory.Reservations;

namespace Artesanos.Tests.Proof.Simulation;

/// <summary>
/// Inventory: products and reservations around the real rules. The row locks of PostgreSQL are
/// here the fact that one thing happens at a time; its conditional update is a check that throws.
/// </summary>
internal sealed class InventoryService(
    Agenda agenda, Faults faults, Dice dice, Broker broker, Decisions decisions)
    : Service(agenda, faults, dice, broker)
{
    public Dictionary<Guid, ProductStock> Products { get; } = [];
    public Dictionary<Guid, long> Received { get; } = [];
    public Dictionary<Guid, Reservation> Reservations { get; } = [];

    public void Restock(Guid product, int pieces)
    {
        Products[product] = Products[product] with { OnHand = Products[product].OnHand + pieces };
        Received[product] += pieces;
    }

    protected override IReadOnlyList<object> Handle(Replica replica, Envelope envelope) =>
        Apply(envelope.OrderId, envelope.Body, envelope.Id);

    private IReadOnlyList<object> Apply(Guid orderId, object message, Guid? messageId)
    {
        var before = Reservations.GetValueOrDefault(orderId);
        var outcome = decisions.Inventory(before, message, Products, Agenda.Now);
        if (outcome.Error is { } error)
        {
            DeadLetters[messageId ?? orderId] = error;
            Journal?.Note(orderId, $"Inventory: dead letter, {error}");
            return [];
        }
        foreach (var change in outcome.Stock)
        {
            Change(change);
        }
        if (outcome.Next is { } next && next != before)
        {
            Reservations[orderId] = next;
            if (next.State == ReservationState.HELD)
            {
                WhenDue(
                    next.ReservedUntil!.Value, isDeadline: true,
                    () => Reservations[orderId].State == ReservationState.HELD,
                    replica => Commit(
                        replica, orderId, Apply(orderId, new HoldTimeOver(), null)));
            }
        }
        Journal?.Note(orderId, $"Inventory: {message.GetType().Name} in {before?.State} => "
            + $"{outcome.Next?.State}, sends {OrdersService.Names(outcome.Sends)}");
        return outcome.Sends;
    }

    /// <summary>The guard of the real statement: what stays possible, or an error.</summary>
    private void Change(StockChange change)
    {
        var product = Products[change.ProductId];
        var changed = product with
        {
            OnHand = product.OnHand + change.OnHand,
            Held = product.Held + change.Held,
        };
        if (changed.OnHand < 0 || changed.Held < 0 || changed.Held > changed.OnHand)
        {
            throw new InvalidOperationException(
                $"The stock guard refuses {changed.Held} held of {changed.OnHand} on hand.");
        }
        Products[change.ProductId] = changed;
    }
}

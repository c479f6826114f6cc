using Artesanos.Inventory.Reservations;
using Artesanos.Orders.Saga;
using static Artesanos.Tests.Proof.Exploration.StripeState;

namespace Artesanos.Tests.Proof.Exploration;

/// <summary>What must never be, and when an order has come to rest.</summary>
internal static class Verdict
{
    /// <returns>What is wrong with this world at this very moment, or null.</returns>
    public static string? OfAnyMoment(Universe universe, World world)
    {
        var saga = universe.Saga(world);
        var reservation = universe.Reservation(world)?.State;
        var sold = reservation == ReservationState.COMMITTED;
        var isPaid = world.Stripe is Succeeded or RefundPending;
        var isPayable = world.Stripe is Open or NeedsAction or Processing;
        if (saga.State == SagaState.Completed)
        {
            return world.Stripe != Succeeded ? "COMPLETED without a charge"
                : !sold ? "COMPLETED without sold stock" : null;
        }
        if (sold && saga.State != SagaState.Confirming)
        {
            return "stock is sold, the order is neither CONFIRMING nor COMPLETED";
        }
        if (reservation == ReservationState.RELEASED && (isPaid || isPayable))
        {
            return "stock is released before the payment is undone";
        }
        if (saga.State is not (SagaState.Cancelled or SagaState.Failed))
        {
            return null;
        }
        return reservation == ReservationState.HELD ? "an ended order still holds stock"
            : isPayable ? "an ended order can still be paid"
            : isPaid && !saga.RefundOwed ? "an ended order keeps the money and owes no refund"
            : null;
    }

    /// <summary>Nothing is on its way, nothing is due, and the saga has ended.</summary>
    public static bool IsAtRest(Universe universe, World world)
    {
        var saga = universe.Saga(world);
        return world.MustArrive == 0
            && saga is
            {
                State: SagaState.Completed or SagaState.Cancelled or SagaState.Failed,
                RefundOwed: false,
                Deadline: null,
            }
            && universe.Reservation(world)?.State != ReservationState.HELD
            && universe.Payment(world)?.DueCall is null
            && world.Stripe is not (Processing or RefundPending);
    }
}

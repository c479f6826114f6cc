using Artesanos.Inventory.Reservations;
using Artesanos.Messaging.Contracts;
using static Artesanos.Inventory.Reservations.ReservationState;

namespace Artesanos.Tests.Proof.Exploration;

/// <summary>The real decisions of Inventory with one rule taken away.</summary>
internal static class InventoryMutations
{
    public static readonly Dictionary<string, Func<Decisions, Decisions>> All = new()
    {
        ["No release of an order that never reserved is answered"] =
            Silent<ReleaseInventory>(null, TOMBSTONE),
        ["A release before its reserve leaves no tombstone"] = NotStored<ReleaseInventory>(null),
        ["A release of an expired hold is not answered"] = Silent<ReleaseInventory>(EXPIRED),
        ["A release of a refused reservation is not answered"] =
            Silent<ReleaseInventory>(REFUSED),
        ["A release of a rejected reservation is not answered"] =
            Silent<ReleaseInventory>(REJECTED),
        ["A repeated release is not answered"] =
            Silent<ReleaseInventory>(RELEASED, TOMBSTONE),
        ["A refusal is not stored"] = NotStored<ReserveInventory>(null),
        ["A rejection is not stored"] = NotStored<CommitInventory>(EXPIRED),
        ["A repeated reserve holds again what has expired"] = HoldsAgain,
        ["A hold that expires keeps its pieces"] = KeepsPieces,
    };

    private static Func<Decisions, Decisions> Silent<TCommand>(params ReservationState?[] states) =>
        Change((row, message, outcome) => message is TCommand && states.Contains(row?.State)
            ? outcome with { Sends = [] } : outcome);

    /// <summary>Only what holds and sells nothing is not stored.</summary>
    private static Func<Decisions, Decisions> NotStored<TCommand>(ReservationState? state) =>
        Change((row, message, outcome) => message is TCommand && row?.State == state
            && outcome.Next?.State is TOMBSTONE or REFUSED or REJECTED
            ? outcome with { Next = row } : outcome);

    private static Decisions HoldsAgain(Decisions real) => real with
    {
        Inventory = (row, message, stock, now) =>
            real.Inventory(
                message is ReserveInventory && row?.State == EXPIRED ? null : row,
                message, stock, now),
    };

    private static Decisions KeepsPieces(Decisions real) => Change((_, message, outcome) =>
        message is HoldTimeOver ? outcome with { Stock = [] } : outcome)(real);

    private static Func<Decisions, Decisions> Change(
        Func<Reservation?, object, Outcome<Reservation>, Outcome<Reservation>> change) =>
        real => real with
        {
            Inventory = (row, message, stock, now) =>
                change(row, message, real.Inventory(row, message, stock, now)),
        };
}

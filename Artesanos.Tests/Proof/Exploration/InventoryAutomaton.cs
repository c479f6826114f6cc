using Artesanos.Inventory.Reservations;

namespace Artesanos.Tests.Proof.Exploration;

/// <summary>
/// The reservation. Reserve and commit are decided twice: with a free piece in the workshop, and
/// without one, because other orders and restocks come and go as they like.
/// </summary>
internal static class InventoryAutomaton
{
    public const int Reserve = (int)Mail.Reserve;
    public const int Commit = (int)Mail.Commit;
    public const int Release = (int)Mail.Release;
    public const int ReserveInVain = 3;
    public const int CommitInVain = 4;
    public const int Expire = 5;
    public const int Inputs = 6;

    public static Automaton<Reservation> Of(Decisions decisions) => new(
        null, Inputs, (row, input) => Decide(decisions, row, input), row => row,
        row => row.State.ToString(), message => TheOrder.Of(message, null));

    private static Outcome<Reservation>? Decide(
        Decisions decisions, Reservation? row, int input)
    {
        object message = input switch
        {
            Reserve or ReserveInVain => TheOrder.Message(Mail.Reserve, null),
            Commit or CommitInVain => TheOrder.Message(Mail.Commit, null),
            Release => TheOrder.Message(Mail.Release, null),
            _ => new HoldTimeOver(),
        };
        if (message is HoldTimeOver && row?.State != ReservationState.HELD)
        {
            return null;
        }
        var held = row?.State == ReservationState.HELD ? 1 : 0;
        var taken = held + (input is ReserveInVain or CommitInVain ? 1 : 0);
        var stock = new Dictionary<Guid, ProductStock>
        {
            [TheOrder.Product] = new(
                TheOrder.Product, "Cántaro", 2250, "EUR", OnHand: 1 + held, Held: taken,
                ArtisanSub: "ines", LowStockThreshold: 0, IsLow: false),
        };
        var now = input == Expire ? TheOrder.Until : TheOrder.Now;
        var outcome = decisions.Inventory(row, message, stock, now);
        var change = outcome.Stock.Sum(line => line.Held);
        if (change != Held(outcome.Next) - Held(row))
        {
            return outcome with { Error = $"held changes by {change}" };
        }
        return outcome;
    }

    private static int Held(Reservation? row) => row?.State == ReservationState.HELD ? 1 : 0;
}

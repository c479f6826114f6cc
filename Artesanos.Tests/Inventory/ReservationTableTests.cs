using Artesanos.Inventory.Reservations;
using Artesanos.Messaging.Contracts;
using Xunit;
using static Artesanos.Inventory.Reservations.ReservationState;
using static Artesanos.Tests.Inventory.Reserving;

namespace Artesanos.Tests.Inventory;

/// <summary>
/// Every state a reservation can be in (or none) × every command: the state after it, what
/// happens to the stock, and the answer.
/// </summary>
public sealed class ReservationTableTests
{
    private const string Refused = "refused";
    private const string Silent = "silent";

    /// <summary>State or "-", command, state after or "-", Δ on hand, Δ held, answer.</summary>
    public static readonly TheoryData<string, string, string, int, int, string> Table = new()
    {
        { "-", "Reserve", "HELD", 0, +2, "InventoryReserved" },
        { "-", "Reserve unknown", "REFUSED", 0, 0, "InventoryOutOfStock" },
        { "-", "Reserve too many", "REFUSED", 0, 0, "InventoryOutOfStock" },
        { "-", "Commit", "-", 0, 0, Refused },
        { "-", "Release", "TOMBSTONE", 0, 0, "InventoryReleased compensated" },
        { "-", "OrderEnded", "-", 0, 0, Silent },

        { "HELD", "Reserve", "HELD", 0, 0, "InventoryReserved" },
        { "HELD", "Commit", "COMMITTED", -2, -2, "InventoryCommitted" },
        { "HELD", "Release", "RELEASED", 0, -2, "InventoryReleased compensated" },
        { "HELD", "Expire early", "HELD", 0, 0, Silent },
        { "HELD", "Expire", "EXPIRED", 0, -2, "InventoryReleased expired" },
        { "HELD", "OrderEnded", "RELEASED", 0, -2, Silent },

        { "COMMITTED", "Reserve", "COMMITTED", 0, 0, "InventoryCommitted" },
        { "COMMITTED", "Commit", "COMMITTED", 0, 0, "InventoryCommitted" },
        { "COMMITTED", "Release", "COMMITTED", 0, 0, Refused },
        { "COMMITTED", "Expire", "COMMITTED", 0, 0, Silent },
        { "COMMITTED", "OrderEnded", "COMMITTED", 0, 0, Silent },

        { "EXPIRED", "Reserve", "EXPIRED", 0, 0, "InventoryReleased expired" },
        { "EXPIRED", "Commit", "COMMITTED", -2, 0, "InventoryCommitted" },
        { "EXPIRED", "Commit sold out", "REJECTED", 0, 0, "InventoryCommitRejected" },
        { "EXPIRED", "Release", "RELEASED", 0, 0, "InventoryReleased compensated" },
        { "EXPIRED", "Expire", "EXPIRED", 0, 0, Silent },
        { "EXPIRED", "OrderEnded", "EXPIRED", 0, 0, Silent },

        { "RELEASED", "Reserve", "RELEASED", 0, 0, "InventoryReleased compensated" },
        { "RELEASED", "Commit", "RELEASED", 0, 0, "InventoryCommitRejected" },
        { "RELEASED", "Release", "RELEASED", 0, 0, "InventoryReleased compensated" },
        { "RELEASED", "Expire", "RELEASED", 0, 0, Silent },
        { "RELEASED", "OrderEnded", "RELEASED", 0, 0, Silent },

        { "REFUSED", "Reserve", "REFUSED", 0, 0, "InventoryOutOfStock" },
        { "REFUSED", "Commit", "REFUSED", 0, 0, "InventoryCommitRejected" },
        { "REFUSED", "Release", "REFUSED", 0, 0, "InventoryReleased compensated" },
        { "REFUSED", "Expire", "REFUSED", 0, 0, Silent },
        { "REFUSED", "OrderEnded", "REFUSED", 0, 0, Silent },

        { "REJECTED", "Reserve", "REJECTED", 0, 0, "InventoryCommitRejected" },
        { "REJECTED", "Commit", "REJECTED", 0, 0, "InventoryCommitRejected" },
        { "REJECTED", "Release", "REJECTED", 0, 0, "InventoryReleased compensated" },
        { "REJECTED", "Expire", "REJECTED", 0, 0, Silent },
        { "REJECTED", "OrderEnded", "REJECTED", 0, 0, Silent },

        { "TOMBSTONE", "Reserve", "TOMBSTONE", 0, 0, "InventoryReleased compensated" },
        { "TOMBSTONE", "Commit", "TOMBSTONE", 0, 0, "InventoryCommitRejected" },
        { "TOMBSTONE", "Release", "TOMBSTONE", 0, 0, "InventoryReleased compensated" },
        { "TOMBSTONE", "Expire", "TOMBSTONE", 0, 0, Silent },
        { "TOMBSTONE", "OrderEnded", "TOMBSTONE", 0, 0, Silent },
    };

    [Theory, MemberData(nameof(Table))]
    public void Every_command_in_every_state_has_one_outcome(
        string before, string command, string after, int onHand, int held, string answer)
    {
        var current = before == "-" ? null : Standing(Enum.Parse<ReservationState>(before));

        var decision = Decide(current, command);

        Assert.Equal(after, (decision.Next ?? current)?.State.ToString() ?? "-");
        Assert.Equal(onHand, decision.Stock.Sum(change => change.OnHand));
        Assert.Equal(held, decision.Stock.Sum(change => change.Held));
        Assert.Equal(answer, Describe(decision));
        // Nothing is written for nothing, and what never may come changes nothing.
        Assert.Equal(before != after, decision.Next is not null);
    }

    [Fact]
    public void The_table_has_a_row_for_every_state_and_command()
    {
        string[] states = ["-", .. Enum.GetNames<ReservationState>()];
        string[] commands = ["Reserve", "Commit", "Release", "Expire", "OrderEnded"];
        var rows = Table
            .Select(row => $"{row.Data.Item1} {row.Data.Item2}").ToHashSet();

        var missing = states.SelectMany(state => commands.Select(c => $"{state} {c}"))
            .Where(cell => !rows.Contains(cell));

        // What does not exist cannot expire.
        Assert.Equal(["- Expire"], missing);
    }

    [Fact]
    public void Final_states_are_left_by_no_command()
    {
        ReservationState[] final = [COMMITTED, RELEASED, REFUSED, REJECTED, TOMBSTONE];
        var left = Table
            .Where(row => final.Any(state => state.ToString() == row.Data.Item1))
            .Where(row => row.Data.Item1 != row.Data.Item3);

        Assert.Empty(left);
    }

    private static Decision Decide(Reservation? current, string command)
    {
        var stock = Shop(Jug(onHand: 10, held: current?.State == HELD ? 2 : 0));
        return command switch
        {
            "Reserve" => ReservationRules.Reserve(
                current, Command((JugId, 2)), stock, Until),
            "Reserve unknown" => ReservationRules.Reserve(
                current, Command((Guid.NewGuid(), 2)), stock, Until),
            "Reserve too many" => ReservationRules.Reserve(
                current, Command((JugId, 11)), stock, Until),
            "Commit" => ReservationRules.Commit(current, stock),
            "Commit sold out" => ReservationRules.Commit(
                current, Shop(Jug(onHand: 10, held: 9))),
            "Release" => ReservationRules.Release(
                current, new ReleaseInventory(OrderId, "cancelled")),
            "Expire" => ReservationRules.Expire(current!, Until),
            "Expire early" => ReservationRules.Expire(current!, Until.AddTicks(-1)),
            "OrderEnded" => ReservationRules.OrderEnded(current, "order_cancelled"),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, null),
        };
    }

    private static string Describe(Decision decision) => decision switch
    {
        { Refusal: not null, Answer: null } => Refused,
        { Answer: InventoryReleased released } => $"InventoryReleased {released.Reason}",
        { Answer: { } answer } => answer.GetType().Name,
        _ => Silent,
    };
}

using Artesanos.Inventory.Reservations;
using Artesanos.Messaging.Contracts;
using Npgsql;
using Xunit;
using static Artesanos.Tests.Inventory.Reserving;

namespace Artesanos.Tests.Inventory;

public sealed class ReservationSetTests
{
    [Fact]
    public void Orders_of_one_batch_see_what_those_before_them_took()
    {
        var set = new ReservationSet([], [Jug(onHand: 5)]);

        var answers = Enumerable.Range(0, 3).Select(_ => Reserve(set, Guid.NewGuid(), 2)).ToList();

        Assert.Equal(
            [typeof(InventoryReserved), typeof(InventoryReserved), typeof(InventoryOutOfStock)],
            answers.Select(answer => answer!.GetType()));
        Assert.Equal((5, 4), (set.Stock[JugId].OnHand, set.Stock[JugId].Held));
    }

    [Fact]
    public void A_reserve_and_its_commit_in_one_batch_are_one_row_and_one_sale()
    {
        var set = new ReservationSet([], [Jug(onHand: 5)]);

        Reserve(set, OrderId, 2);
        set.Apply(ReservationRules.Commit(set.Find(OrderId), set.Stock));

        Assert.Equal((3, 0), (set.Stock[JugId].OnHand, set.Stock[JugId].Held));
        Assert.Equal(2, Writes(set)); // stock, new row
    }

    [Fact]
    public void A_reserve_and_its_release_in_one_batch_leave_the_stock_untouched()
    {
        var set = new ReservationSet([], [Jug(onHand: 5)]);

        Reserve(set, OrderId, 2);
        set.Apply(ReservationRules.Release(
            set.Find(OrderId), new ReleaseInventory(OrderId, "cancelled")));

        Assert.Equal((5, 0), (set.Stock[JugId].OnHand, set.Stock[JugId].Held));
        Assert.Equal(1, Writes(set)); // new row
    }

    [Fact]
    public void Repeated_commands_write_nothing()
    {
        var set = new ReservationSet([Standing(ReservationState.HELD)], [Jug(5, held: 2)]);

        Reserve(set, OrderId, 2);

        Assert.Equal(0, Writes(set));
    }

    private static object? Reserve(ReservationSet set, Guid order, int quantity)
    {
        var command = new ReserveInventory(order, [new OrderLine(JugId, quantity)]);
        var decision = ReservationRules.Reserve(set.Find(order), command, set.Stock, Until);
        set.Apply(decision);
        return decision.Answer;
    }

    private static int Writes(ReservationSet set)
    {
        using var writes = new NpgsqlBatch();
        set.AddWrites(writes, Until);
        return writes.BatchCommands.Count;
    }
}

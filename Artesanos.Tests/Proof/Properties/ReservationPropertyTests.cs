using Artesanos.Inventory.Reservations;
using Artesanos.Messaging.Contracts;
using CsCheck;
using Xunit;
using static Artesanos.Inventory.Reservations.ReservationState;

namespace Artesanos.Tests.Proof.Properties;

/// <summary>
/// Random commands of several orders for two products, applied as a batch applies them.
/// </summary>
[Trait("Category", "Proof")]
public sealed class ReservationPropertyTests
{
    private const int OnHand = 6;
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    private static readonly Guid[] Orders =
        [.. Enumerable.Range(1, 4).Select(i => new Guid(i, 0, 0, new byte[8]))];

    private static readonly Guid[] Products =
        [.. Enumerable.Range(1, 2).Select(i => new Guid(0, (short)i, 0, new byte[8]))];

    /// <summary>Order, command, and the quantities of an order's two lines.</summary>
    private static readonly Gen<(int Order, int Command, int Jugs, int Baskets)[]> Sequences =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 4]).Array[1, 40];

    [Fact]
    public void No_sequence_of_commands_breaks_the_stock() =>
        Sequences.Sample(Follow, iter: 10_000, threads: 1);

    private static void Follow((int Order, int Command, int Jugs, int Baskets)[] sequence)
    {
        var set = new ReservationSet(
            [], Products.Select(id => new ProductStock(
                id, "Jarra", 3850, "EUR", OnHand, Held: 0, "ines", LowStockThreshold: 0, false)));
        foreach (var (order, command, jugs, baskets) in sequence)
        {
            var id = Orders[order];
            var before = set.Find(id);
            var decision = Decide(set, id, command, jugs, baskets);
            set.Apply(decision);
            AssertStock(set);
            AssertForward(before?.State, set.Find(id)?.State);
            AssertAnswered(before, command, decision);

            var again = Decide(set, id, command, jugs, baskets);
            Assert.Empty(again.Stock);
            Assert.Null(again.Next);
            Assert.Equal(decision.Refusal is null, again.Refusal is null);
        }
    }

    private static Decision Decide(
        ReservationSet set, Guid id, int command, int jugs, int baskets)
    {
        var current = set.Find(id);
        return command switch
        {
            0 => ReservationRules.Reserve(current, new ReserveInventory(
                id, [.. Lines(jugs, baskets)]), set.Stock, Now),
            1 => ReservationRules.Commit(current, set.Stock),
            2 => ReservationRules.Release(current, new ReleaseInventory(id, "why")),
            _ => current is null
                ? new Decision(null, [], null) : ReservationRules.Expire(current, Now),
        };
    }

    /// <summary>The first product in two lines, which together must not exceed the stock.</summary>
    private static IEnumerable<OrderLine> Lines(int jugs, int baskets)
    {
        yield return new OrderLine(Products[0], 1);
        if (jugs > 0)
        {
            yield return new OrderLine(Products[0], jugs);
        }
        if (baskets > 0)
        {
            yield return new OrderLine(Products[1], baskets);
        }
    }

    private static void AssertStock(ReservationSet set)
    {
        foreach (var product in Products)
        {
            var stock = set.Stock[product];
            Assert.Equal(Pieces(set, product, HELD), stock.Held);
            Assert.Equal(OnHand - Pieces(set, product, COMMITTED), stock.OnHand);
            Assert.InRange(stock.Held, 0, stock.OnHand);
        }
    }

    private static int Pieces(ReservationSet set, Guid product, ReservationState state) =>
        Orders.Select(set.Find).OfType<Reservation>().Where(row => row.State == state)
            .SelectMany(row => row.Lines).Where(line => line.ProductId == product)
            .Sum(line => line.Quantity);

    private static void AssertForward(ReservationState? before, ReservationState? after)
    {
        ReservationState?[] allowed = before switch
        {
            null => [null, HELD, REFUSED, TOMBSTONE],
            HELD => [HELD, COMMITTED, RELEASED, EXPIRED],
            EXPIRED => [EXPIRED, COMMITTED, REJECTED, RELEASED],
            _ => [before],
        };
        Assert.Contains(after, allowed);
    }

    private static void AssertAnswered(Reservation? before, int command, Decision decision)
    {
        if (command == 2 && before?.State != COMMITTED)
        {
            Assert.IsType<InventoryReleased>(decision.Answer);
        }
        if (command == 0 || command == 1 && before is not null)
        {
            Assert.NotNull(decision.Answer);
        }
    }
}

using Artesanos.Inventory.Reservations;
using Artesanos.Inventory.Stock;
using Artesanos.Messaging.Contracts;
using Npgsql;
using Xunit;
using static Artesanos.Tests.Inventory.Reserving;

namespace Artesanos.Tests.Inventory;

public sealed class LowStockTests
{
    /// <summary>Low before, available after, threshold, low after.</summary>
    public static readonly TheoryData<bool, int, int, bool> Orders = new()
    {
        { false, 6, 5, false },
        { false, 5, 5, false }, // at the threshold is not below it
        { false, 4, 5, true },
        { false, 0, 5, true },
        { true, 4, 5, true },
        { true, 5, 5, true }, // a hold given back at the threshold raises no second alert
        { true, 9, 5, true },
        { true, 10, 5, false }, // well above it the next crossing is a new one
        { false, 0, 0, false }, // 0 switches the alert off
        { true, 0, 0, false },
        { false, 0, 1, true }, // 1 tells when it is sold out
        { true, 1_999_999, 1_000_000, true },
        { true, 2_000_000, 1_000_000, false },
    };

    [Theory, MemberData(nameof(Orders))]
    public void An_order_makes_stock_low_below_the_threshold_and_recovers_it_well_above(
        bool before, int available, int threshold, bool after) =>
        Assert.Equal(after, LowStock.AfterOrder(before, available, threshold));

    [Theory]
    [InlineData(4, 5, true)]
    [InlineData(5, 5, false)]
    [InlineData(0, 0, false)]
    public void What_the_artisan_does_counts_without_a_margin(
        int available, int threshold, bool low) =>
        Assert.Equal(low, LowStock.AfterArtisan(available, threshold));

    [Fact]
    public void The_order_that_crosses_the_threshold_alerts_with_what_is_left()
    {
        var set = new ReservationSet([], [Jug(onHand: 7, threshold: 5)]);

        Assert.Empty(Reserve(set, 2));
        var alert = Assert.Single(Reserve(set, 1));
        Assert.Empty(Reserve(set, 1));

        Assert.Equal(new LowStockAlert(JugId, "Jarra", "los-ollarizos", 4, 5), alert);
    }

    [Fact]
    public void A_sale_of_what_was_held_changes_nothing_for_the_shopper_and_alerts_nobody()
    {
        var set = new ReservationSet(
            [Standing(ReservationState.HELD)], [Jug(onHand: 5, held: 2, threshold: 3)]);

        Assert.Empty(set.Apply(ReservationRules.Commit(set.Find(OrderId), set.Stock)));
    }

    [Fact]
    public void A_crossing_and_its_release_in_one_batch_still_write_the_flag()
    {
        var set = new ReservationSet([], [Jug(onHand: 6, threshold: 5)]);
        var alert = Assert.Single(set.Apply(ReservationRules.Reserve(
            null, Command((JugId, 2)), set.Stock, Until)));

        set.Apply(ReservationRules.Release(
            set.Find(OrderId), new ReleaseInventory(OrderId, "cancelled")));

        Assert.Equal(4, alert.Available);
        Assert.True(set.Stock[JugId].IsLow);
        using var writes = new NpgsqlBatch();
        set.AddWrites(writes, Until);
        Assert.Equal(2, writes.BatchCommands.Count); // flag, new row
    }

    /// <summary>
    /// Random orders and releases: alerts are the same however they are batched, and between two
    /// of them the stock had recovered.
    /// </summary>
    [Fact]
    public void Alerts_do_not_depend_on_batches_and_never_repeat_without_a_recovery()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var threshold = random.Next(0, 8);
            var commands = Enumerable.Range(0, 60)
                .Select(_ => (Take: random.Next(3) > 0, Quantity: random.Next(1, 6))).ToList();

            var together = Run(commands, threshold, commands.Count);
            var alone = Run(commands, threshold, 1);

            Assert.Equal(together, alone);
            AssertRecoveredBetweenAlerts(together, threshold);
        }
    }

    private static List<(int Available, bool Alert)> Run(
        List<(bool Take, int Quantity)> commands, int threshold, int batch)
    {
        var (steps, open) = (new List<(int, bool)>(), new List<Guid>());
        var set = new ReservationSet([], [Jug(onHand: 25, threshold: threshold)]);
        var known = new Dictionary<Guid, Reservation>();
        for (var i = 0; i < commands.Count; i++)
        {
            if (i % batch == 0)
            {
                set = new ReservationSet(known.Values, set.Stock.Values);
            }
            var order = commands[i].Take || open.Count == 0 ? NthOrder(i) : open[^1];
            var decision = commands[i].Take || open.Count == 0
                ? ReservationRules.Reserve(null, new ReserveInventory(
                    order, [new OrderLine(JugId, commands[i].Quantity)]), set.Stock, Until)
                : ReservationRules.Release(
                    set.Find(order), new ReleaseInventory(order, "cancelled"));
            var alerts = set.Apply(decision);
            known[order] = set.Find(order)!;
            open.Remove(order);
            if (known[order].State == ReservationState.HELD)
            {
                open.Add(order);
            }
            steps.Add((set.Stock[JugId].Available, alerts.Count == 1));
        }
        return steps;
    }

    private static void AssertRecoveredBetweenAlerts(
        List<(int Available, bool Alert)> steps, int threshold)
    {
        var mayAlert = true;
        foreach (var (available, alert) in steps)
        {
            Assert.Equal(mayAlert && available < threshold, alert);
            mayAlert = available >= threshold
                && (mayAlert || available >= threshold * LowStock.RecoveryFactor);
        }
    }

    private static Guid NthOrder(int n) => new(n + 1, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0);

    private static IReadOnlyList<LowStockAlert> Reserve(ReservationSet set, int quantity) =>
        set.Apply(ReservationRules.Reserve(null,
            new ReserveInventory(Guid.NewGuid(), [new OrderLine(JugId, quantity)]),
            set.Stock, Until));
}

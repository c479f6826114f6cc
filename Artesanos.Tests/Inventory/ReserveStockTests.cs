using Artesanos.Inventory.Reservations;
using Artesanos.Messaging.Contracts;
using Xunit;
using static Artesanos.Tests.Inventory.Reserving;

namespace Artesanos.Tests.Inventory;

public sealed class ReserveStockTests
{
    [Fact]
    public void A_reservation_prices_its_lines_and_is_held_until_its_time()
    {
        var decision = ReservationRules.Reserve(
            null, Command((JugId, 2), (BasketId, 1)), Shop(Jug(10), Basket(10)), Until);

        var reserved = Assert.IsType<InventoryReserved>(decision.Answer);
        Assert.Equal(
            [new(JugId, "Jarra", 2, 38_50), new PricedLine(BasketId, "Capazo", 1, 45_00)],
            reserved.Lines);
        Assert.Equal((122_00, "EUR", Until),
            (reserved.TotalMinor, reserved.Currency, reserved.ReservedUntil));
        Assert.Equal([new(JugId, 0, 2), new StockChange(BasketId, 0, 1)], decision.Stock);
    }

    [Fact]
    public void All_lines_are_held_or_none()
    {
        var decision = ReservationRules.Reserve(
            null, Command((JugId, 2), (BasketId, 4)), Shop(Jug(10), Basket(5, held: 2)), Until);

        var refusal = Assert.IsType<InventoryOutOfStock>(decision.Answer);
        Assert.Equal(ReservationRules.OutOfStock, refusal.Reason);
        Assert.Equal([new ShortLine(BasketId, 4, 3)], refusal.Missing);
        Assert.Empty(decision.Stock);
        Assert.Empty(decision.Next!.Lines);
    }

    [Fact]
    public void Two_lines_for_one_product_are_summed_before_the_check()
    {
        var decision = ReservationRules.Reserve(
            null, Command((JugId, 3), (JugId, 3)), Shop(Jug(5)), Until);

        var refusal = Assert.IsType<InventoryOutOfStock>(decision.Answer);
        Assert.Equal([new ShortLine(JugId, 6, 5)], refusal.Missing);
    }

    [Fact]
    public void Two_lines_for_one_product_become_one_priced_line()
    {
        var decision = ReservationRules.Reserve(
            null, Command((JugId, 3), (JugId, 2)), Shop(Jug(5)), Until);

        var reserved = Assert.IsType<InventoryReserved>(decision.Answer);
        Assert.Equal([new PricedLine(JugId, "Jarra", 5, 38_50)], reserved.Lines);
        Assert.Equal([new StockChange(JugId, 0, 5)], decision.Stock);
    }

    [Fact]
    public void Sums_beyond_an_integer_are_short_and_not_negative()
    {
        var decision = ReservationRules.Reserve(null,
            Command((JugId, int.MaxValue), (JugId, int.MaxValue)), Shop(Jug(5)), Until);

        var refusal = Assert.IsType<InventoryOutOfStock>(decision.Answer);
        Assert.Equal([new ShortLine(JugId, int.MaxValue, 5)], refusal.Missing);
    }

    [Fact]
    public void The_largest_total_does_not_overflow()
    {
        var shop = Enumerable.Range(0, ReservationRules.MaxLines)
            .Select(_ => new ProductStock(
                Guid.NewGuid(), "x", 99_999_999, "EUR", 100_000_000, 0, "taller", 0, false))
            .ToDictionary(product => product.Id);
        var everything = Command([.. shop.Keys.Select(id => (id, 10_000_000))]);

        var decision = ReservationRules.Reserve(null, everything, shop, Until);

        var reserved = Assert.IsType<InventoryReserved>(decision.Answer);
        Assert.Equal(99_999_999L * 10_000_000 * ReservationRules.MaxLines, reserved.TotalMinor);
    }

    [Fact]
    public void An_unknown_product_is_named()
    {
        var unknown = Guid.NewGuid();

        var decision = ReservationRules.Reserve(
            null, Command((JugId, 99), (unknown, 1)), Shop(Jug(5)), Until);

        var refusal = Assert.IsType<InventoryOutOfStock>(decision.Answer);
        Assert.Equal(ReservationRules.UnknownProduct, refusal.Reason);
        Assert.Equal([new ShortLine(unknown, 1, 0)], refusal.Missing);
    }

    [Fact]
    public void One_order_has_one_currency()
    {
        var decision = ReservationRules.Reserve(null, Command((JugId, 1), (BasketId, 1)),
            Shop(Jug(5), Basket(5, currency: "USD")), Until);

        var refusal = Assert.IsType<InventoryOutOfStock>(decision.Answer);
        Assert.Equal(ReservationRules.MixedCurrencies, refusal.Reason);
        Assert.Equal(ReservationState.REFUSED, decision.Next!.State);
    }

    [Fact]
    public void A_reserve_that_breaks_its_contract_is_put_aside()
    {
        ReserveInventory[] broken =
        [
            Command(),
            Command((JugId, 0)),
            Command((JugId, 3), (JugId, -2)),
            new(OrderId, [null!]),
            Command([.. Enumerable.Repeat((JugId, 1), ReservationRules.MaxLines + 1)]),
        ];

        Assert.All(broken, command => Assert.NotNull(
            ReservationRules.Reserve(null, command, Shop(Jug(5)), Until).Refusal));
    }

    [Fact]
    public void A_repeated_reserve_gets_the_stored_price_and_time()
    {
        var standing = Standing(ReservationState.HELD);
        var dearer = Shop(Jug(10, held: 2) with { PriceMinor = 99_00 });

        var decision = ReservationRules.Reserve(
            standing, Command((JugId, 2)), dearer, Until.AddHours(1));

        var reserved = Assert.IsType<InventoryReserved>(decision.Answer);
        Assert.Equal((77_00, Until), (reserved.TotalMinor, reserved.ReservedUntil));
    }

    [Fact]
    public void A_repeated_reserve_gets_the_stored_refusal_though_stock_came_in()
    {
        var decision = ReservationRules.Reserve(Standing(ReservationState.REFUSED),
            Command((JugId, 2)), Shop(Jug(100)), Until);

        var refusal = Assert.IsType<InventoryOutOfStock>(decision.Answer);
        Assert.Equal([new ShortLine(JugId, 2, 1)], refusal.Missing);
        Assert.Empty(decision.Stock);
    }
}

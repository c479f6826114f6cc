using Artesanos.Inventory.Reservations;
using Artesanos.Messaging.Contracts;

namespace Artesanos.Tests.Inventory;

/// <summary>The order and the products that the reservation tests speak about.</summary>
internal static class Reserving
{
    public static readonly Guid OrderId = new("11111111-1111-7111-8111-111111111111");
    public static readonly Guid JugId = new("00000000-0000-7000-8000-000000000001");
    public static readonly Guid BasketId = new("00000000-0000-7000-8000-000000000002");
    public static readonly DateTimeOffset Until = new(2026, 5, 4, 12, 16, 0, TimeSpan.Zero);

    public static ProductStock Jug(
        int onHand, int held = 0, int threshold = 0, bool isLow = false) =>
        new(JugId, "Jarra", 38_50, "EUR", onHand, held, "los-ollarizos", threshold, isLow);

    public static ProductStock Basket(int onHand, int held = 0, string currency = "EUR") =>
        new(BasketId, "Capazo", 45_00, currency, onHand, held, "esparto", 0, false);

    public static IReadOnlyDictionary<Guid, ProductStock> Shop(params ProductStock[] products) =>
        products.ToDictionary(product => product.Id);

    public static ReserveInventory Command(params (Guid ProductId, int Quantity)[] lines) =>
        new(OrderId, [.. lines.Select(line => new OrderLine(line.ProductId, line.Quantity))]);

    /// <summary>A reservation of two jugs as it is stored in <paramref name="state"/>.</summary>
    public static Reservation Standing(ReservationState state) => state switch
    {
        ReservationState.REFUSED => new(OrderId, state, [], 0, null, null,
            ReservationRules.OutOfStock, [new ShortLine(JugId, 2, 1)]),
        ReservationState.TOMBSTONE => new(OrderId, state, [], 0, null, null, "cancelled", []),
        _ => new(OrderId, state, [new PricedLine(JugId, "Jarra", 2, 38_50)], 77_00, "EUR", Until,
            null, []),
    };
}

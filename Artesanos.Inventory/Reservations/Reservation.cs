using System.Text.Json.Serialization;
using Artesanos.Messaging.Contracts;

namespace Artesanos.Inventory.Reservations;

/// <summary>Spelled as in the database and in metric labels.</summary>
internal enum ReservationState
{
    /// <summary>The pieces are held until the reservation's time is up.</summary>
    HELD,

    /// <summary>Sold. Final.</summary>
    COMMITTED,

    /// <summary>Given back because it was asked for. Final.</summary>
    RELEASED,

    /// <summary>Its time was up. Becomes COMMITTED, REJECTED or RELEASED, never HELD.</summary>
    EXPIRED,

    /// <summary>Never held: out of stock, an unknown product or mixed currencies. Final.</summary>
    REFUSED,

    /// <summary>Paid too late, and the stock is gone: a refund follows. Final.</summary>
    REJECTED,

    /// <summary>Released before the reserve came, which is refused from now on. Final.</summary>
    TOMBSTONE,
}

/// <summary>The one reservation an order has, for ever.</summary>
/// <param name="Lines">One per product; empty where nothing was ever held.</param>
/// <param name="TotalMinor">Sum of the lines in minor units of <paramref name="Currency"/>.</param>
/// <param name="Reason">Why it was refused or released.</param>
/// <param name="Missing">What was short when it was refused.</param>
internal sealed record Reservation(
    Guid OrderId, ReservationState State, IReadOnlyList<PricedLine> Lines, long TotalMinor,
    string? Currency, DateTimeOffset? ReservedUntil, string? Reason,
    IReadOnlyList<ShortLine> Missing);

/// <summary>A product as locked for a decision.</summary>
internal sealed record ProductStock(
    Guid Id, string Name, long PriceMinor, string Currency, int OnHand, int Held,
    string ArtisanSub, int LowStockThreshold, bool IsLow)
{
    public int Available => OnHand - Held;
}

/// <summary>What a decision adds to a product's counters.</summary>
internal sealed record StockChange(Guid ProductId, int OnHand, int Held);

/// <summary>The lines as stored; the names are also read by SQL.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<PricedLine>), TypeInfoPropertyName = "Lines")]
[JsonSerializable(typeof(IReadOnlyList<ShortLine>), TypeInfoPropertyName = "Missing")]
internal sealed partial class ReservationJson : JsonSerializerContext;

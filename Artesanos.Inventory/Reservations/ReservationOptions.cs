using Artesanos.Inventory.Stock;
using Artesanos.Messaging.Metrics;
using Artesanos.ServiceDefaults;

namespace Artesanos.Inventory.Reservations;

/// <summary>Section <c>Reservations</c>.</summary>
internal sealed class ReservationOptions
{
    public const string Section = "Reservations";

    /// <summary>
    /// How long stock is held for an order, <c>hh:mm:ss</c>: the payment window of Orders
    /// (15 minutes) and a safety margin of 60 seconds, so that a payment at the last moment still
    /// finds its stock.
    /// </summary>
    public TimeSpan HoldTime { get; set; } = TimeSpan.FromMinutes(16);

    /// <summary>How often holds whose time is up are looked for, <c>hh:mm:ss</c>.</summary>
    public TimeSpan ExpiryInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Holds that expire in one transaction.</summary>
    public int ExpiryBatch { get; set; } = 100;
}

internal static class ReservationSetup
{
    public static void AddReservations(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSettings<ReservationOptions>(ReservationOptions.Section)
            .Validate(o => o.HoldTime >= TimeSpan.FromSeconds(1)
                    && o.HoldTime <= TimeSpan.FromDays(1),
                "Reservations__HoldTime must be between 00:00:01 and 1.00:00:00 (hh:mm:ss); "
                + "keep it longer than the payment window of Orders.")
            .Validate(o => o.ExpiryInterval >= TimeSpan.FromMilliseconds(50)
                    && o.ExpiryInterval <= TimeSpan.FromMinutes(1),
                "Reservations__ExpiryInterval must be between 00:00:00.050 and 00:01:00.")
            .Validate(o => o.ExpiryBatch is >= 1 and <= 1000,
                "Reservations__ExpiryBatch must be between 1 and 1000 (holds).");
        builder.Services.AddHostedService<ExpireReservations>();
        builder.Services.AddSingleton<ISample, StockSample>();
    }
}

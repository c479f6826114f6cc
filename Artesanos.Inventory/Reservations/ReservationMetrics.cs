using System.Diagnostics.Metrics;

namespace Artesanos.Inventory.Reservations;

/// <summary>Meter <c>Artesanos.Inventory</c> (docs/metrics.md).</summary>
internal static class ReservationMetrics
{
    public static readonly Meter Meter = new("Artesanos.Inventory");

    private static readonly Counter<long> Reservations = Meter.CreateCounter<long>(
        "reservation.changes", "{reservation}", "Reservations that came into a state.");

    /// <summary>Each series exists from the start, so that its first event is a rate.</summary>
    static ReservationMetrics()
    {
        foreach (var state in Enum.GetValues<ReservationState>())
        {
            Reservations.Add(0, Label(state));
        }
    }

    public static void Reached(ReservationState state) => Reservations.Add(1, Label(state));

    private static KeyValuePair<string, object?> Label(ReservationState state) =>
        new("state", state.ToString());
}

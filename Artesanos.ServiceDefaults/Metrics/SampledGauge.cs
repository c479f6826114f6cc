using System.Diagnostics.Metrics;

namespace Artesanos.ServiceDefaults.Metrics;

/// <summary>
/// A gauge whose values somebody else reads now and then, so that a scrape costs no query. Values
/// that nobody renews are not told any more: unknown is not the last known.
/// </summary>
public sealed class SampledGauge
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private volatile Sample? _last;

    private sealed record Sample(IReadOnlyList<Measurement<double>> Values, long TakenAt);

    /// <param name="unit">A UCUM unit such as <c>s</c> or <c>{message}</c>.</param>
    public SampledGauge(
        Meter meter, string name, string? unit, string description, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(meter);
        _time = time;
        meter.CreateObservableGauge(name, Read, unit, description);
    }

    public void Set(double value) => Set([new Measurement<double>(value)]);

    /// <summary>Replaces every value.</summary>
    public void Set(IReadOnlyList<Measurement<double>> values) =>
        _last = new Sample(values, _time.GetTimestamp());

    private IEnumerable<Measurement<double>> Read() =>
        _last is { } sample && _time.GetElapsedTime(sample.TakenAt) <= MaxAge
            ? sample.Values : [];
}

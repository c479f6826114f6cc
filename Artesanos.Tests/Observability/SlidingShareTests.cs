using System.Diagnostics.Metrics;
using Artesanos.ServiceDefaults.Metrics;
using Xunit;

namespace Artesanos.Tests.Observability;

/// <summary>The gauges that the services compute themselves.</summary>
public sealed class SlidingShareTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void Nothing_happened_is_no_value_and_not_a_perfect_one()
    {
        Assert.Null(NewShare().Value);
    }

    [Fact]
    public void What_is_older_than_five_minutes_does_not_count()
    {
        var share = NewShare();
        share.Add(isGood: false);
        _clock.Now += TimeSpan.FromMinutes(4);
        share.Add(isGood: true);
        Assert.Equal(0.5, share.Value);

        _clock.Now += TimeSpan.FromMinutes(2);
        Assert.Equal(1, share.Value);

        _clock.Now += TimeSpan.FromMinutes(5);
        Assert.Null(share.Value);
    }

    [Fact]
    public void A_slot_that_is_used_again_forgets_what_it_held()
    {
        var share = NewShare();
        share.Add(isGood: false);
        _clock.Now += TimeSpan.FromMinutes(5);
        share.Add(isGood: true);

        Assert.Equal(1, share.Value);
    }

    [Fact]
    public void A_sampled_gauge_that_nobody_renews_falls_silent()
    {
        using var meter = new Meter("Tests.SampledGauge");
        var gauge = new SampledGauge(meter, "held", unit: null, "", _clock);
        var told = new List<double>();
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => told.Add(value));
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter == meter)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.Start();

        listener.RecordObservableInstruments();
        Assert.Empty(told);

        gauge.Set(7);
        listener.RecordObservableInstruments();
        Assert.Equal([7], told);

        _clock.Now += TimeSpan.FromSeconds(61);
        listener.RecordObservableInstruments();
        Assert.Equal([7], told);
    }

    private SlidingShare NewShare() => new(meter: null, "", "", _clock);
}

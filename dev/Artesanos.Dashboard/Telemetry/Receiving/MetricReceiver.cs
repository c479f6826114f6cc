using Artesanos.Dashboard.Telemetry.Metrics;
using Artesanos.Dashboard.Telemetry.Otlp;
using Grpc.Core;

namespace Artesanos.Dashboard.Telemetry.Receiving;

internal sealed class MetricReceiver(WireReader reader, MetricStore metrics)
    : MetricsService.MetricsServiceBase
{
    private const int Delta = 1;

    public override Task<ExportMetricsServiceResponse> Export(
        ExportMetricsServiceRequest request, ServerCallContext context)
    {
        metrics.Add(
        [
            .. from resource in request.ResourceMetrics
               let sender = reader.Sender(resource.Resource)
               from scope in resource.ScopeMetrics
               from metric in scope.Metrics
               from measurement in Read(sender, scope.Scope?.Name ?? "", metric)
               select measurement,
        ]);
        return Task.FromResult(new ExportMetricsServiceResponse());
    }

    private IEnumerable<Measurement> Read(
        (string Service, string Instance) sender, string meter, Metric metric)
    {
        switch (metric.DataCase)
        {
            case Metric.DataOneofCase.Gauge:
                return Numbers(InstrumentKind.Gauge, metric.Gauge.DataPoints, temporality: 0);
            case Metric.DataOneofCase.Sum:
                return Numbers(
                    metric.Sum.IsMonotonic
                        ? InstrumentKind.Counter : InstrumentKind.UpDownCounter,
                    metric.Sum.DataPoints, metric.Sum.AggregationTemporality);
            case Metric.DataOneofCase.Histogram:
                var histogram = Describe(InstrumentKind.Histogram);
                return metric.Histogram.DataPoints.Select(point => new Measurement(
                    histogram, sender.Instance, reader.Attributes(point.Attributes),
                    [.. point.ExplicitBounds],
                    new MetricPoint(
                        WireReader.Time(point.TimeUnixNano), point.Count,
                        [.. point.BucketCounts.Select(count => (long)count)]),
                    metric.Histogram.AggregationTemporality == Delta));
            default:
                return [];
        }

        IEnumerable<Measurement> Numbers(
            InstrumentKind kind, IEnumerable<NumberDataPoint> points, int temporality)
        {
            var instrument = Describe(kind);
            return points.Select(point => new Measurement(
                instrument, sender.Instance, reader.Attributes(point.Attributes), [],
                new MetricPoint(WireReader.Time(point.TimeUnixNano), Number(point), []),
                temporality == Delta));
        }

        Instrument Describe(InstrumentKind kind) => new(
            new InstrumentKey(sender.Service, reader.Text(meter), reader.Text(metric.Name)),
            kind, reader.Text(metric.Unit), reader.Text(metric.Description));
    }

    private static double Number(NumberDataPoint point) =>
        point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;
}

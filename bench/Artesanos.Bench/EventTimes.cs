using System.Globalization;
using System.Text.RegularExpressions;

namespace Artesanos.Bench;

/// <summary>
/// How long messages took from publish to commit: the histograms of the services, added up as
/// Prometheus reads them. With several replicas it is that of the one which answers.
/// </summary>
/// <param name="Handled">Messages by upper bound in seconds, each with all below it.</param>
internal sealed partial record EventTimes(IReadOnlyDictionary<double, double> Handled)
{
    private static readonly string[] Services = ["orders", "payments", "inventory"];

    public static async Task<EventTimes> ReadAsync(BenchTarget target, CancellationToken ct)
    {
        var handled = new Dictionary<double, double>();
        foreach (var service in Services)
        {
            using var http = target.NewClient(service);
            var metrics = await http.GetStringAsync($"/{service}/metrics", ct);
            foreach (Match bucket in Bucket().Matches(metrics))
            {
                var bound = bucket.Groups["bound"].Value == "+Inf"
                    ? double.PositiveInfinity : Number(bucket.Groups["bound"].Value);
                handled[bound] = handled.GetValueOrDefault(bound)
                    + Number(bucket.Groups["count"].Value);
            }
        }
        return new EventTimes(handled);
    }

    public EventTimes Since(EventTimes earlier) => new(Handled.ToDictionary(
        bucket => bucket.Key,
        bucket => bucket.Value - earlier.Handled.GetValueOrDefault(bucket.Key)));

    /// <summary>Interpolated in its bucket, as Prometheus does; infinite beyond the last.</summary>
    public double QuantileMs(double quantile)
    {
        var (bound, count) = (0.0, 0.0);
        var wanted = quantile * Handled.Values.DefaultIfEmpty().Max();
        foreach (var (next, upTo) in Handled.OrderBy(bucket => bucket.Key))
        {
            if (upTo >= wanted && upTo > count)
            {
                return 1000 * (bound + (next - bound) * (wanted - count) / (upTo - count));
            }
            (bound, count) = (next, upTo);
        }
        return 0;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("""^event_processing_duration_seconds_bucket\{.*le="(?<bound>[^"]+)".*\} (?<count>\S+)""",
        RegexOptions.Multiline)]
    private static partial Regex Bucket();
}

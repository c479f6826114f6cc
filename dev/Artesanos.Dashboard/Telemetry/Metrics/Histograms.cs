namespace Artesanos.Dashboard.Telemetry.Metrics;

internal static class Histograms
{
    /// <summary>
    /// The value below which this share of what was recorded lies, taken as spread evenly within
    /// its bucket; null when nothing was recorded. What lies beyond the last bound counts as it.
    /// </summary>
    public static double? Quantile(double share, double[] counts, double[] bounds)
    {
        var total = counts.Sum();
        if (total <= 0 || bounds.Length == 0)
        {
            return null;
        }
        var rank = share * total;
        var below = 0d;
        for (var i = 0; i < Math.Min(counts.Length, bounds.Length); i++)
        {
            if (below + counts[i] >= rank && counts[i] > 0)
            {
                var lower = i == 0 ? Math.Min(0, bounds[0]) : bounds[i - 1];
                return lower + (bounds[i] - lower) * (rank - below) / counts[i];
            }
            below += counts[i];
        }
        return bounds[^1];
    }
}

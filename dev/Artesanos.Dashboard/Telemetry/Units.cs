using System.Globalization;

namespace Artesanos.Dashboard.Telemetry;

/// <summary>Measured values as a person reads them.</summary>
internal static class Units
{
    private static readonly (double Factor, string Name)[] Seconds =
        [(1, "s"), (1e-3, "ms"), (1e-6, "µs")];

    private static readonly (double Factor, string Name)[] Bytes =
        [(1L << 30, "GiB"), (1L << 20, "MiB"), (1L << 10, "KiB"), (1, "B")];

    private static readonly (double Factor, string Name)[] Plain =
        [(1e9, "G"), (1e6, "M"), (1e3, "k"), (1, "")];

    public static string Of(TimeSpan duration) => Of(duration.TotalSeconds, "s");

    /// <param name="unit">As OpenTelemetry names it (UCUM): s, By, 1, an annotation.</param>
    public static string Of(double value, string unit)
    {
        var perSecond = unit.EndsWith("/s", StringComparison.Ordinal) ? "/s" : "";
        return unit[..^perSecond.Length] switch
        {
            "s" when perSecond.Length == 0 => Scale(value, Seconds, " "),
            "By" => Scale(value, Bytes, " ") + perSecond,
            // What is counted stands in the title.
            _ => Scale(value, Plain, "") + perSecond,
        };
    }

    public static string Clock(DateTimeOffset at, bool withMilliseconds = true) =>
        at.ToLocalTime().ToString(
            withMilliseconds ? "HH:mm:ss.fff" : "HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>"1 trace", "2 traces".</summary>
    public static string Count(int count, string noun) =>
        count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static string Scale(double value, (double Factor, string Name)[] scale, string space)
    {
        var size = Math.Abs(value);
        var (factor, name) = scale.FirstOrDefault(step => size >= step.Factor, scale[^1]);
        if (value == 0)
        {
            (factor, name) = scale.First(step => step.Factor == 1);
        }
        return (value / factor).ToString("0.##", CultureInfo.InvariantCulture)
            + (name.Length > 0 ? space + name : "");
    }
}

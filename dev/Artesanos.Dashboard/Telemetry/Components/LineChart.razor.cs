using System.Globalization;
using System.Text;
using Artesanos.Dashboard.Telemetry.Metrics;
using Microsoft.AspNetCore.Components;

namespace Artesanos.Dashboard.Telemetry.Components;

/// <summary>Scales and paths of the drawing.</summary>
public sealed partial class LineChart
{
    private const int Width = 900;
    private const int Height = 320;
    private const int Left = 92;
    private const int Right = 16;
    private const int Top = 14;
    private const int Bottom = 34;
    private const int LabelEvery = 12;
    private const int MaxTicks = 5;

    private static readonly int[] RoundFactors = [1, 2, 5, 10];

    private bool _asTable;

    [Parameter, EditorRequired]
    public Chart Chart { get; set; } = null!;

    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    private double Highest => Chart.Lines
        .SelectMany(line => line.Values).Max(value => value ?? 0);

    private double Lowest => Math.Min(0, Chart.Lines
        .SelectMany(line => line.Values).Min(value => value ?? 0));

    private double Step => RoundStep((Highest - Lowest) / MaxTicks);

    private double Ceiling => Math.Max(Step, Math.Ceiling(Highest / Step) * Step);

    private double Floor => Math.Floor(Lowest / Step) * Step;

    private IEnumerable<double> Ticks
    {
        get
        {
            var (floor, step) = (Floor, Step);
            var count = (int)Math.Round((Ceiling - floor) / step);
            return Enumerable.Range(0, count + 1).Select(i => floor + i * step);
        }
    }

    private string Summary => $"{Name}: " + string.Join(", ", Chart.Lines.Select(line =>
        $"{line.Name} {Text(line.Last)}"));

    private string Text(double? value) => value is { } known ? Units.Of(known, Chart.Unit) : "–";

    private string X(int index) => Number(
        Left + (double)index / Math.Max(1, Chart.Times.Count - 1) * (Width - Left - Right));

    private string Y(double value) => Number(
        Height - Bottom - (value - Floor) / (Ceiling - Floor) * (Height - Top - Bottom));

    /// <summary>A line that breaks where nothing was measured.</summary>
    private string Path(ChartLine line)
    {
        var path = new StringBuilder();
        for (var i = 0; i < line.Values.Length; i++)
        {
            if (line.Values[i] is { } value)
            {
                path.Append(i > 0 && line.Values[i - 1] is not null ? 'L' : 'M')
                    .Append(X(i)).Append(' ').Append(Y(value));
            }
        }
        return path.ToString();
    }

    /// <summary>Values without neighbours, through which no line goes.</summary>
    private string Dots(ChartLine line) => string.Concat(Enumerable.Range(0, line.Values.Length)
        .Where(i => line.Values[i] is not null
            && (i == 0 || line.Values[i - 1] is null)
            && (i + 1 == line.Values.Length || line.Values[i + 1] is null))
        .Select(i => $"M{X(i)} {Y(line.Values[i]!.Value)}h0.01"));

    // 1, 2 or 5 of a power of ten: marks that one can read.
    private static double RoundStep(double step)
    {
        if (step <= 0)
        {
            return 1;
        }
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return RoundFactors.First(factor => factor * power >= step * 0.999) * power;
    }

    private static string Number(double value) =>
        value.ToString("0.##", CultureInfo.InvariantCulture);
}

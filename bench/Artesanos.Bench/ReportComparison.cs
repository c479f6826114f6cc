using System.Globalization;
using System.Text.Json;

namespace Artesanos.Bench;

/// <summary>Two reports side by side, each figure with how it changed.</summary>
internal static class ReportComparison
{
    /// <returns>2 when a file is missing or is no report.</returns>
    public static async Task<int> RunAsync(string before, string after, CancellationToken ct)
    {
        try
        {
            using var a = JsonDocument.Parse(await File.ReadAllTextAsync(before, ct));
            using var b = JsonDocument.Parse(await File.ReadAllTextAsync(after, ct));
            Console.WriteLine($"{"",-26} {Path.GetFileName(before),14} {Path.GetFileName(after),14}");
            foreach (var figure in a.RootElement.EnumerateObject())
            {
                if (figure.Value.ValueKind == JsonValueKind.Number
                    && b.RootElement.TryGetProperty(figure.Name, out var other))
                {
                    Print(figure.Name, figure.Value.GetDouble(), other.GetDouble());
                }
            }
            return 0;
        }
        catch (Exception unread) when (unread is IOException or JsonException)
        {
            await Console.Error.WriteLineAsync(
                $"compare needs two reports of --json: {unread.Message}");
            return 2;
        }
    }

    private static void Print(string name, double before, double after)
    {
        var change = before == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $"{100 * (after / before - 1):+0.0;-0.0;0.0} %");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-26} {before,14} {after,14} {change,10}"));
    }
}

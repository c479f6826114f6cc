using System.Globalization;
using System.Text;

namespace Artesanos.Audit;

/// <summary>
/// A report in Prometheus' text format. The audit is a command and not a server, so it leaves a
/// file where node_exporter's textfile collector finds it.
/// </summary>
internal static class AuditMetrics
{
    public static string Text(AuditReport report, DateTimeOffset now)
    {
        var text = new StringBuilder(
            """
            # HELP audit_invariant_violations Violations that the last audit found.
            # TYPE audit_invariant_violations gauge

            """);
        foreach (var (number, name) in Violation.Names)
        {
            var broken = report.Violations.Count(violation => violation.Invariant == number);
            text.Append(CultureInfo.InvariantCulture,
                $"audit_invariant_violations{{invariant=\"{number}\",name=\"{name}\"}} {broken}\n");
        }
        text.Append(CultureInfo.InvariantCulture,
            $"""
            # HELP audit_last_run_timestamp_seconds When the last audit ended.
            # TYPE audit_last_run_timestamp_seconds gauge
            audit_last_run_timestamp_seconds {now.ToUnixTimeSeconds()}

            """);
        return text.ToString();
    }

    /// <summary>Appears complete or not at all: a collector may read at any moment.</summary>
    public static async Task WriteAsync(string path, string text, CancellationToken ct)
    {
        var written = $"{path}.{Environment.ProcessId}";
        await File.WriteAllTextAsync(written, text, ct);
        File.Move(written, path, overwrite: true);
    }
}

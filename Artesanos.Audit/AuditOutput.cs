using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Artesanos.Audit;

/// <summary>A report for people, and the same for programs.</summary>
internal static class AuditOutput
{
    private const int MaxLines = 100;

    public static string Text(AuditReport report)
    {
        var text = new StringBuilder();
        var statuses = string.Join(", ",
            report.OrdersByStatus.Select(status => $"{status.Value} {status.Key}"));
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{report.OrdersByStatus.Values.Sum()} orders ({statuses}), "
            + $"{report.Messages} messages");
        text.AppendLine(report.LedgerRead
            ? string.Create(CultureInfo.InvariantCulture,
                $"Stripe's ledger: {report.ChargedMinor} minor units charged and not refunded")
            : "Stripe's ledger was not read: money is checked against the payments only");
        foreach (var (number, name) in Violation.Names)
        {
            var broken = report.Violations.Count(violation => violation.Invariant == number);
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  {number} {name,-13} {(broken == 0 ? "holds" : $"{broken} violations")}");
        }
        foreach (var violation in report.Violations.Take(MaxLines))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"VIOLATION {violation}");
        }
        if (report.Violations.Count > MaxLines)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"… and {report.Violations.Count - MaxLines} more: --json lists them all");
        }
        return text.ToString().TrimEnd();
    }

    public static string Json(AuditReport report) => JsonSerializer.Serialize(
        new AuditDocument(
            report.Violations.Count == 0, report.OrdersByStatus, report.Messages,
            report.LedgerRead, report.LedgerRead ? report.ChargedMinor : null,
            [.. report.Violations.Select(violation => new AuditFinding(
                violation.Invariant, Violation.Names[violation.Invariant], violation.Subject,
                violation.Detail))]),
        AuditJson.Default.AuditDocument);
}

internal sealed record AuditDocument(
    bool Holds, IReadOnlyDictionary<string, int> Orders, int Messages, bool LedgerRead,
    long? ChargedMinor, IReadOnlyList<AuditFinding> Violations);

internal sealed record AuditFinding(int Invariant, string Name, string Subject, string Detail);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(AuditDocument))]
internal sealed partial class AuditJson : JsonSerializerContext;

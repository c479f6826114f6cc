namespace Artesanos.Tests.Observability;

/// <summary>The tables of docs/metrics.md.</summary>
internal sealed record DocumentedMetric(string Section, string Name, string Type)
{
    private const string AfterEvent = "Only after an event";
    private const string Recorded = "Recorded by Prometheus";

    public bool IsAlwaysThere => Section != AfterEvent;

    /// <summary>A service tells it, or the audit; it is not computed by a rule.</summary>
    public bool IsScraped => Section != Recorded;

    public static List<DocumentedMetric> ReadAll()
    {
        var metrics = new List<DocumentedMetric>();
        var section = "";
        foreach (var line in Repository.Read("docs", "metrics.md").Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                section = line[3..];
            }
            else if (line.StartsWith("| `", StringComparison.Ordinal))
            {
                var cells = line.Split('|', StringSplitOptions.TrimEntries);
                metrics.Add(new DocumentedMetric(section, cells[1].Trim('`'), cells[2]));
            }
        }
        return metrics;
    }
}

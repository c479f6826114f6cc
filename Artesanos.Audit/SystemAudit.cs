namespace Artesanos.Audit;

/// <summary>
/// The eight invariants of the system, in one piece of code for tests, load runs and operators.
/// Run it when the sagas have ended: what is on its way is told from what is lost by waiting.
/// </summary>
public static class SystemAudit
{
    private static readonly string[] TerminalStatuses = ["COMPLETED", "CANCELLED", "FAILED"];

    /// <exception cref="Npgsql.NpgsqlException">A database could not be read.</exception>
    public static async Task<AuditReport> RunAsync(AuditSources sources, CancellationToken ct)
    {
        var facts = await FactReader.ReadAsync(sources, ct);
        List<Violation> violations = [.. Check(facts)];
        return new AuditReport(
            facts.Orders.Values.GroupBy(order => order.Status)
                .OrderBy(status => status.Key, StringComparer.Ordinal)
                .ToDictionary(status => status.Key, status => status.Count()),
            facts.OrdersMail.Sent.Count + facts.PaymentsMail.Sent.Count
                + facts.InventoryMail.Sent.Count,
            facts.Ledger?.Values.Sum(order => order.ChargedMinor - order.RefundedMinor) ?? 0,
            violations);
    }

    /// <summary>
    /// Repeats the audit until nothing is wrong or the time is up: the last messages of an ended
    /// order may still be on their way.
    /// </summary>
    public static async Task<AuditReport> RunUntilQuietAsync(
        AuditSources sources, TimeSpan patience, CancellationToken ct)
    {
        var until = TimeProvider.System.GetUtcNow() + patience;
        while (true)
        {
            var report = await RunAsync(sources, ct);
            if (report.Violations.Count == 0 || TimeProvider.System.GetUtcNow() >= until)
            {
                return report;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), ct);
        }
    }

    /// <summary>The invariants over facts from wherever: databases, or a simulation.</summary>
    internal static IEnumerable<Violation> Check(Facts facts) =>
    [
        .. StockInvariants.Check(facts),
        .. MoneyInvariants.Check(facts),
        .. MessageInvariants.Check(facts),
        .. SagaInvariants.Check(facts),
    ];

    internal static bool IsTerminal(OrderFact order) => TerminalStatuses.Contains(order.Status);
}

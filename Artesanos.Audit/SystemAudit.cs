namespace Artesanos.Audit;

/// <summary>
/// The eight invariants of the system, in one piece of code for tests, load runs and operators.
/// </summary>
public static class SystemAudit
{
    /// <summary>
    /// Audits a system that is said to be quiet: what is not done yet is a violation.
    /// </summary>
    /// <exception cref="AuditException">A source could not be read.</exception>
    public static async Task<AuditReport> RunAsync(AuditSources sources, CancellationToken ct) =>
        Check(await FactReader.ReadAsync(sources, bound: null, ct));

    /// <summary>
    /// Repeats the audit until nothing is wrong or the time is up: the last messages of an ended
    /// order may still be on their way.
    /// </summary>
    /// <exception cref="AuditException">A source could not be read.</exception>
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

    /// <summary>
    /// Audits a system at work. A difference between two databases counts only if it stands
    /// unchanged in two readings, a message or a deadline only if it is older than the bound.
    /// </summary>
    /// <param name="bound">How long a step may be on its way.</param>
    /// <param name="pause">Between the readings; longer than a message takes.</param>
    /// <exception cref="AuditException">A source could not be read.</exception>
    public static async Task<AuditReport> RunLiveAsync(
        AuditSources sources, TimeSpan bound, TimeSpan pause, CancellationToken ct)
    {
        var first = Check(await FactReader.ReadAsync(sources, bound, ct));
        if (first.Violations.Count == 0)
        {
            return first;
        }
        await Task.Delay(pause, ct);
        var second = Check(await FactReader.ReadAsync(sources, bound, ct));
        return Standing(first, second);
    }

    /// <summary>What the second reading still finds, and what needs no second reading.</summary>
    internal static AuditReport Standing(AuditReport first, AuditReport second)
    {
        var before = first.Violations.ToHashSet();
        return second with
        {
            Violations = [.. second.Violations.Where(
                violation => violation.OneSnapshot || before.Contains(violation))],
        };
    }

    internal static AuditReport Check(Facts facts) => new(
        facts.Orders.Values.GroupBy(order => order.Status)
            .OrderBy(status => status.Key, StringComparer.Ordinal)
            .ToDictionary(status => status.Key, status => status.Count()),
        facts.OrdersMail.Sent.Count + facts.PaymentsMail.Sent.Count
            + facts.InventoryMail.Sent.Count,
        facts.Ledger is not null,
        facts.Ledger?.Values.Sum(order => order.ChargedMinor - order.RefundedMinor) ?? 0,
        [
            .. StockInvariants.Check(facts),
            .. MoneyInvariants.Check(facts),
            .. MessageInvariants.Check(facts),
            .. SagaInvariants.Check(facts),
        ]);
}

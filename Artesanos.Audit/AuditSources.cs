namespace Artesanos.Audit;

/// <summary>
/// Where the facts are: connection strings of the three databases (read-only roles suffice) and
/// the address of the Stripe simulator, or null where the ledger is Stripe's own.
/// </summary>
public sealed record AuditSources(string Orders, string Payments, string Inventory, Uri? Stripe);

/// <summary>A broken promise: which one, of what, and the figures that disagree.</summary>
/// <param name="Invariant">1 stock, 2 money, 3 no loss, 4 effect once, 5 terminal, 6 liveness,
/// 7 causality, 8 sale.</param>
/// <param name="Subject">The order, product or message.</param>
public sealed record Violation(int Invariant, string Subject, string Detail)
{
    public override string ToString() => $"invariant {Invariant}, {Subject}: {Detail}";
}

/// <summary>What was looked at, and what is wrong with it.</summary>
public sealed record AuditReport(
    IReadOnlyDictionary<string, int> OrdersByStatus, int Messages, long ChargedMinor,
    IReadOnlyList<Violation> Violations)
{
    public override string ToString() =>
        $"{string.Join(", ", OrdersByStatus.Select(status => $"{status.Value} {status.Key}"))}; "
        + $"{Messages} messages; {ChargedMinor} minor units charged; "
        + (Violations.Count == 0 ? "every invariant holds"
            : $"{Violations.Count} violations:\n" + string.Join('\n', Violations));
}

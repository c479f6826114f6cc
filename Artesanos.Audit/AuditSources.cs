namespace Artesanos.Audit;

/// <summary>
/// Where the facts are: connection strings of the three databases (read-only roles suffice) and
/// the address of the Stripe simulator, or null where the ledger is Stripe's own.
/// </summary>
public sealed record AuditSources(string Orders, string Payments, string Inventory, Uri? Stripe);

/// <summary>A broken promise: which one, of what, and the figures that disagree.</summary>
/// <param name="Invariant">A key of <see cref="Names"/>.</param>
/// <param name="Subject">The order, product or message.</param>
/// <param name="OneSnapshot">
/// All figures are of one snapshot of one database, so no message on its way explains them.
/// </param>
public sealed record Violation(
    int Invariant, string Subject, string Detail, bool OneSnapshot = false)
{
    public static IReadOnlyDictionary<int, string> Names { get; } = new Dictionary<int, string>
    {
        [1] = "stock",
        [2] = "money",
        [3] = "no loss",
        [4] = "effect once",
        [5] = "terminal",
        [6] = "liveness",
        [7] = "causality",
        [8] = "sale",
    };

    public override string ToString() =>
        $"invariant {Invariant} ({Names[Invariant]}), {Subject}: {Detail}";
}

/// <summary>What was looked at, and what is wrong with it.</summary>
/// <param name="ChargedMinor">Charged and not refunded, if the ledger was read.</param>
public sealed record AuditReport(
    IReadOnlyDictionary<string, int> OrdersByStatus, int Messages, bool LedgerRead,
    long ChargedMinor, IReadOnlyList<Violation> Violations)
{
    public override string ToString() => AuditOutput.Text(this);
}

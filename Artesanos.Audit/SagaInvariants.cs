namespace Artesanos.Audit;

/// <summary>
/// 5: an ended order holds nothing. 6: every order ends or is flagged as stuck. 7: the state is
/// the fold of the history.
/// </summary>
internal static class SagaInvariants
{
    /// <summary>
    /// Every move of the transition table; the step of COMPENSATING after a slash.
    /// </summary>
    private static readonly HashSet<(string From, string To)> Moves =
    [
        ("STARTED", "STOCK_RESERVED"), ("STARTED", "FAILED"),
        ("STARTED", "COMPENSATING/stock"),
        ("STOCK_RESERVED", "PAYMENT_PENDING"), ("STOCK_RESERVED", "CONFIRMING"),
        ("STOCK_RESERVED", "COMPENSATING/payment"), ("STOCK_RESERVED", "COMPENSATING/stock"),
        ("PAYMENT_PENDING", "CONFIRMING"), ("PAYMENT_PENDING", "COMPENSATING/payment"),
        ("PAYMENT_PENDING", "COMPENSATING/stock"),
        ("CONFIRMING", "COMPLETED"), ("CONFIRMING", "COMPENSATING/payment"),
        ("COMPENSATING/payment", "COMPENSATING/stock"),
        ("COMPENSATING/stock", "CANCELLED"), ("COMPENSATING/stock", "FAILED"),
        // A refund that becomes owed, or is settled, after the end.
        ("CANCELLED", "CANCELLED"), ("FAILED", "FAILED"),
    ];

    public static IEnumerable<Violation> Check(Facts facts)
    {
        foreach (var order in facts.Orders.Values)
        {
            foreach (var violation in order.HasEnded ? CheckEnded(facts, order) : [])
            {
                yield return violation;
            }
            if (CheckProgress(facts, order) is { } silent)
            {
                yield return silent;
            }
            if (CheckHistory(order, [.. facts.History[order.Id]]) is { } broken)
            {
                yield return broken;
            }
        }
    }

    private static IEnumerable<Violation> CheckEnded(Facts facts, OrderFact order)
    {
        if (facts.Reservations.GetValueOrDefault(order.Id) is { IsLive: true })
        {
            yield return new Violation(5, $"order {order.Id}",
                $"{order.Status}, but its reservation is still held");
        }
        var payment = facts.Payments.GetValueOrDefault(order.Id)?.Status;
        if (payment is "CREATING" or "OPEN" or "PROCESSING" or "DECLINED"
            || (payment == "REFUNDING" && !order.RefundOwed))
        {
            yield return new Violation(5, $"order {order.Id}",
                $"{order.Status}, but its payment is {payment}");
        }
    }

    /// <summary>A saga with something left to do has a deadline that is not long past.</summary>
    private static Violation? CheckProgress(Facts facts, OrderFact order)
    {
        if (order.Stuck || (order.HasEnded && !order.RefundOwed)
            || (order.Deadline is { } deadline && facts.IsUnderWay(deadline))
            || IsForAPerson(facts, order))
        {
            return null;
        }
        return new Violation(6, $"order {order.Id}",
            order.HasEnded
                ? $"it is {order.Status}, its refund is neither done nor flagged as stuck"
                : $"it is {order.Status} and neither ended nor flagged as stuck");
    }

    /// <summary>
    /// Also a quiet system has orders whose time has not come and that wait for a person: for the
    /// shopper, who has not paid, or for an operator, who sees a payment in quarantine.
    /// </summary>
    private static bool IsForAPerson(Facts facts, OrderFact order) =>
        order.Status == "PAYMENT_PENDING" && order.Deadline > facts.ReadAt
        && (facts.Payments.GetValueOrDefault(order.Id)?.Status == "QUARANTINED"
            || facts.Ledger?.GetValueOrDefault(order.Id) is null or { ChargedMinor: 0 });

    private static Violation? CheckHistory(OrderFact order, HistoryFact[] history)
    {
        var subject = $"order {order.Id}";
        if (history.Length != order.Version || history.Length == 0
            || !history.Select(entry => entry.Version).SequenceEqual(
                Enumerable.Range(1, history.Length)))
        {
            return Broken(
                $"version {order.Version}, but {history.Length} rows of history");
        }
        if (Name(history[^1]) != Name(order.Status, order.Step))
        {
            return Broken($"{order.Status}, but its history ends in {history[^1].Status}");
        }
        var moves = history.Where(entry => entry.Effect == "MOVED").Select(Name).ToList();
        var jumps = moves.Count == 0 || moves[0] != "STARTED"
            || moves.Zip(moves.Skip(1)).Any(move => !Moves.Contains(move));
        // What was ignored or sent again left the state as it was.
        var drifts = history.Zip(history.Skip(1)).Any(
            pair => pair.Second.Effect != "MOVED" && Name(pair.First) != Name(pair.Second));
        return jumps || drifts
            ? Broken($"its history jumps: {string.Join(" → ", history.Select(Name))}")
            : null;

        Violation Broken(string detail) => new(7, subject, detail, OneSnapshot: true);
    }

    private static string Name(HistoryFact entry) => Name(entry.Status, entry.Step);

    private static string Name(string status, string? step) =>
        step is null ? status : $"{status}/{step}";
}

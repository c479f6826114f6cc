namespace Artesanos.Audit;

/// <summary>
/// 5: an ended order holds nothing. 6: every order ends or is flagged as stuck. 7: the state is
/// the fold of the history.
/// </summary>
internal static class SagaInvariants
{
    /// <summary>Every move of the transition table; the step of COMPENSATING after a slash.</summary>
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
            foreach (var violation in SystemAudit.IsTerminal(order)
                ? CheckEnded(facts, order) : CheckUnfinished(order))
            {
                yield return violation;
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
        if (facts.Payments.GetValueOrDefault(order.Id)?.Status
            is "CREATING" or "OPEN" or "PROCESSING" or "DECLINED" or "REFUNDING")
        {
            yield return new Violation(5, $"order {order.Id}",
                $"{order.Status}, but its payment is {facts.Payments[order.Id].Status}");
        }
    }

    private static IEnumerable<Violation> CheckUnfinished(OrderFact order)
    {
        if (!order.Stuck)
        {
            yield return new Violation(6, $"order {order.Id}",
                $"it is {order.Status} and neither ended nor flagged as stuck");
        }
    }

    private static Violation? CheckHistory(OrderFact order, HistoryFact[] history)
    {
        var subject = $"order {order.Id}";
        if (history.Length != order.Version || history.Length == 0
            || !history.Select(entry => entry.Version).SequenceEqual(
                Enumerable.Range(1, history.Length)))
        {
            return new Violation(7, subject,
                $"version {order.Version}, but {history.Length} rows of history");
        }
        if (Name(history[^1].Status, history[^1].Step) != Name(order.Status, order.Step))
        {
            return new Violation(7, subject,
                $"{order.Status}, but its history ends in {history[^1].Status}");
        }
        var moves = history.Where(entry => entry.Effect == "MOVED")
            .Select(entry => Name(entry.Status, entry.Step)).ToList();
        var jump = moves.Zip(moves.Skip(1)).FirstOrDefault(move => !Moves.Contains(move));
        return moves[0] != "STARTED" || jump != default
            ? new Violation(7, subject, $"its history jumps: {string.Join(" → ", moves)}")
            : null;
    }

    private static string Name(string status, string? step) =>
        step is null ? status : $"{status}/{step}";
}

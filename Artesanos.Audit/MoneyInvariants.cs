namespace Artesanos.Audit;

/// <summary>
/// 2: every charge belongs to one COMPLETED order, or its refund is done or owed. 4: an order is
/// charged at most once. Stripe's ledger is the truth, our rows are held against it.
/// </summary>
internal static class MoneyInvariants
{
    public static IEnumerable<Violation> Check(Facts facts)
    {
        foreach (var order in facts.Orders.Values.Where(order => order.Status == "COMPLETED"))
        {
            var payment = facts.Payments.GetValueOrDefault(order.Id);
            if (payment?.Status != "SUCCEEDED" || payment.AmountMinor != order.TotalMinor
                || payment.Currency != order.Currency)
            {
                yield return new Violation(2, $"order {order.Id}",
                    $"COMPLETED for {order.TotalMinor} {order.Currency}, payment row: "
                    + $"{payment?.Status ?? "none"} {payment?.AmountMinor} {payment?.Currency}");
            }
        }
        foreach (var violation in facts.Ledger is null ? [] : CheckLedger(facts, facts.Ledger))
        {
            yield return violation;
        }
    }

    private static IEnumerable<Violation> CheckLedger(
        Facts facts, Dictionary<Guid, LedgerFact> ledger)
    {
        foreach (var charge in ledger.Values)
        {
            var subject = $"order {charge.OrderId}";
            if (charge.Charges > 1)
            {
                yield return new Violation(4, subject, $"charged {charge.Charges} times");
            }
            var net = charge.ChargedMinor - charge.RefundedMinor;
            var order = facts.Orders.GetValueOrDefault(charge.OrderId);
            if (net < 0 || net > (order?.TotalMinor ?? 0))
            {
                yield return new Violation(2, subject,
                    $"net charge {net} of a total of {order?.TotalMinor}");
            }
            if (net > 0 && order is { IsUndone: true, RefundOwed: false }
                && facts.Payments.GetValueOrDefault(order.Id)?.Status
                    is not ("REFUNDING" or "REFUND_PENDING"))
            {
                yield return new Violation(2, subject,
                    $"{order.Status}, but {net} is charged and no refund is owed");
            }
            if (charge.Payable && order is { HasEnded: true })
            {
                yield return new Violation(5, subject,
                    $"{order.Status}, but its intent can still be paid");
            }
        }
        foreach (var order in facts.Orders.Values.Where(order => order.Status == "COMPLETED"))
        {
            var net = ledger.GetValueOrDefault(order.Id) is { } charge
                ? charge.ChargedMinor - charge.RefundedMinor : 0;
            if (net != order.TotalMinor)
            {
                yield return new Violation(2, $"order {order.Id}",
                    $"COMPLETED for {order.TotalMinor}, but Stripe charged {net}");
            }
        }
    }
}

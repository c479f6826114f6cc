namespace Artesanos.Audit;

/// <summary>
/// 1: what is on hand, held and sold adds up. 8: what is sold belongs to an order.
/// </summary>
internal static class StockInvariants
{
    public static IEnumerable<Violation> Check(Facts facts)
    {
        var sold = Pieces(facts.Reservations.Values.Where(reservation => reservation.IsSold));
        var held = Pieces(facts.Reservations.Values.Where(reservation => reservation.IsLive));
        foreach (var product in facts.Products)
        {
            var subject = $"product {product.Id}";
            var (soldHere, heldHere) =
                (sold.GetValueOrDefault(product.Id), held.GetValueOrDefault(product.Id));
            if (product.OnHand != product.Received - soldHere)
            {
                yield return new Violation(1, subject,
                    $"{product.OnHand} on hand, but {product.Received} received − {soldHere} sold",
                    OneSnapshot: true);
            }
            if (product.Held < 0 || product.Held > product.OnHand)
            {
                yield return new Violation(1, subject,
                    $"{product.Held} held of {product.OnHand} on hand", OneSnapshot: true);
            }
            if (product.Held != heldHere)
            {
                yield return new Violation(1, subject,
                    $"{product.Held} held, but live reservations hold {heldHere}",
                    OneSnapshot: true);
            }
        }
        foreach (var violation in CheckSales(facts))
        {
            yield return violation;
        }
    }

    private static IEnumerable<Violation> CheckSales(Facts facts)
    {
        foreach (var reservation in facts.Reservations.Values.Where(r => r.IsSold))
        {
            var status = facts.Orders.GetValueOrDefault(reservation.OrderId)?.Status;
            if (status is not ("COMPLETED" or "CONFIRMING"))
            {
                yield return new Violation(8, $"order {reservation.OrderId}",
                    $"its pieces are sold, but the order is {status ?? "unknown"}");
            }
        }
        foreach (var order in facts.Orders.Values.Where(order => order.Status == "COMPLETED"))
        {
            var state = facts.Reservations.GetValueOrDefault(order.Id)?.State;
            if (state != "COMMITTED")
            {
                yield return new Violation(8, $"order {order.Id}",
                    $"COMPLETED, but its reservation is {state ?? "missing"}");
            }
        }
    }

    private static Dictionary<Guid, long> Pieces(IEnumerable<ReservationFact> reservations) =>
        reservations.SelectMany(reservation => reservation.Pieces())
            .GroupBy(piece => piece.Product)
            .ToDictionary(product => product.Key, product => product.Sum(p => (long)p.Quantity));
}

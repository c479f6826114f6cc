using Npgsql;

namespace Artesanos.Inventory.Reservations;

/// <summary>
/// The locked reservations and products of one transaction. Decisions are applied to it in
/// message order, each sees what those before it took, and what they come to is written once.
/// </summary>
internal sealed class ReservationSet
{
    private readonly Dictionary<Guid, Reservation> _reservations;
    private readonly Dictionary<Guid, ProductStock> _stock;
    private readonly HashSet<Guid> _stored;
    private readonly HashSet<Guid> _changed = [];
    private readonly SortedDictionary<Guid, StockChange> _stockChanges = [];

    public ReservationSet(
        IEnumerable<Reservation> reservations, IEnumerable<ProductStock> products)
    {
        _reservations = reservations.ToDictionary(reservation => reservation.OrderId);
        _stock = products.ToDictionary(product => product.Id);
        _stored = [.. _reservations.Keys];
    }

    public IReadOnlyDictionary<Guid, ProductStock> Stock => _stock;

    public Reservation? Find(Guid orderId) => _reservations.GetValueOrDefault(orderId);

    public void Apply(Decision decision)
    {
        foreach (var change in decision.Stock)
        {
            var product = _stock[change.ProductId];
            _stock[change.ProductId] = product with
            {
                OnHand = product.OnHand + change.OnHand,
                Held = product.Held + change.Held,
            };
            var sum = _stockChanges.GetValueOrDefault(change.ProductId)
                ?? new StockChange(change.ProductId, 0, 0);
            _stockChanges[change.ProductId] = sum with
            {
                OnHand = sum.OnHand + change.OnHand,
                Held = sum.Held + change.Held,
            };
        }
        if (decision.Next is { } next)
        {
            _reservations[next.OrderId] = next;
            _changed.Add(next.OrderId);
        }
    }

    /// <summary>Adds up to three statements, one per table and kind of write.</summary>
    public void AddWrites(NpgsqlBatch writes, DateTimeOffset now)
    {
        var stock = _stockChanges.Values.Where(c => c is not { OnHand: 0, Held: 0 }).ToList();
        if (stock.Count > 0)
        {
            writes.BatchCommands.Add(ReservationSql.ChangeStock(stock));
        }
        var changed = _changed.Select(id => _reservations[id]).OrderBy(r => r.OrderId).ToList();
        var added = changed.FindAll(reservation => !_stored.Contains(reservation.OrderId));
        if (added.Count > 0)
        {
            writes.BatchCommands.Add(ReservationSql.Insert(added, now));
        }
        var updated = changed.FindAll(reservation => _stored.Contains(reservation.OrderId));
        if (updated.Count > 0)
        {
            writes.BatchCommands.Add(ReservationSql.Update(updated, now));
        }
    }
}

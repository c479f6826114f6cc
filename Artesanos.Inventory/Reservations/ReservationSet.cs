using Artesanos.Inventory.Stock;
using Artesanos.Messaging.Contracts;
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
    private readonly List<ReservationState> _reached = [];
    private readonly SortedDictionary<Guid, StockChange> _stockChanges = [];
    private readonly HashSet<Guid> _flagged = [];

    public ReservationSet(
        IEnumerable<Reservation> reservations, IEnumerable<ProductStock> products)
    {
        _reservations = reservations.ToDictionary(reservation => reservation.OrderId);
        _stock = products.ToDictionary(product => product.Id);
        _stored = [.. _reservations.Keys];
    }

    public IReadOnlyDictionary<Guid, ProductStock> Stock => _stock;

    public Reservation? Find(Guid orderId) => _reservations.GetValueOrDefault(orderId);

    /// <summary>
    /// Each decision counts by itself, as if it had come alone: what is told does not depend on
    /// how messages were batched.
    /// </summary>
    /// <returns>An alert for each product whose stock became low by it.</returns>
    public IReadOnlyList<LowStockAlert> Apply(Decision decision)
    {
        List<LowStockAlert>? alerts = null;
        foreach (var change in decision.Stock)
        {
            if (Change(change) is { } alert)
            {
                (alerts ??= []).Add(alert);
            }
        }
        if (decision.Next is { } next)
        {
            _reservations[next.OrderId] = next;
            _changed.Add(next.OrderId);
            _reached.Add(next.State);
        }
        return alerts ?? [];
    }

    private LowStockAlert? Change(StockChange change)
    {
        var before = _stock[change.ProductId];
        var after = before with
        {
            OnHand = before.OnHand + change.OnHand,
            Held = before.Held + change.Held,
        };
        after = after with
        {
            IsLow = LowStock.AfterOrder(before.IsLow, after.Available, after.LowStockThreshold),
        };
        _stock[after.Id] = after;
        var sum = _stockChanges.GetValueOrDefault(after.Id) ?? new StockChange(after.Id, 0, 0);
        _stockChanges[after.Id] = sum with
        {
            OnHand = sum.OnHand + change.OnHand,
            Held = sum.Held + change.Held,
        };
        if (before.IsLow == after.IsLow)
        {
            return null;
        }
        _flagged.Add(after.Id);
        return after.IsLow
            ? new LowStockAlert(
                after.Id, after.Name, after.ArtisanSub, after.Available, after.LowStockThreshold)
            : null;
    }

    /// <summary>Adds up to three statements, one per table and kind of write.</summary>
    public void AddWrites(NpgsqlBatch writes, DateTimeOffset now)
    {
        var stock = _stockChanges.Values
            .Where(c => c is not { OnHand: 0, Held: 0 } || _flagged.Contains(c.ProductId))
            .Select(c => (c, _stock[c.ProductId].IsLow))
            .ToList();
        if (stock.Count > 0)
        {
            writes.BatchCommands.Add(ReservationSql.ChangeStock(stock, now));
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

    /// <summary>Once committed: tells the metrics.</summary>
    public void Report() => _reached.ForEach(ReservationMetrics.Reached);
}

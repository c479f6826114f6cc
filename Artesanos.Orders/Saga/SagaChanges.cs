using Npgsql;

namespace Artesanos.Orders.Saga;

/// <summary>Steps of one transaction: the sagas they lead to and the history they leave.</summary>
internal sealed class SagaChanges(Dictionary<Guid, OrderSaga> sagas, DateTimeOffset now)
{
    private readonly Dictionary<Guid, bool> _priced = [];
    private readonly List<HistoryEntry> _history = [];
    private readonly List<(OrderSaga Before, OrderSaga After)> _moves = [];
    private readonly List<SagaState> _resends = [];

    /// <summary>Applies a step; the next step of the same order builds on it.</summary>
    public void Apply(
        OrderSaga before, Step step, string cause, Guid? messageId, string? askedBy = null)
    {
        var moved = step.Saga.State != before.State;
        var after = step.Saga with
        {
            Version = before.Version + 1,
            StateSince = moved ? now : before.StateSince,
        };
        sagas[after.OrderId] = after;
        _priced[after.OrderId] = _priced.GetValueOrDefault(after.OrderId)
            || after.TotalMinor != before.TotalMinor;
        var effect = step.Kind switch
        {
            StepKind.Moved => HistoryEntry.Moved,
            StepKind.Resent => HistoryEntry.Resent,
            _ => HistoryEntry.Ignored,
        };
        _history.Add(new HistoryEntry(
            after.OrderId, after.Version, after.State, effect, cause, messageId, askedBy));
        if (moved)
        {
            _moves.Add((before, after));
        }
        else if (step.Kind == StepKind.Resent)
        {
            _resends.Add(after.State);
        }
    }

    public void AddTo(NpgsqlBatch writes)
    {
        if (_history.Count == 0)
        {
            return;
        }
        var changed = _priced.Select(order => (sagas[order.Key], order.Value)).ToList();
        writes.BatchCommands.Add(SagaStore.Update(changed, now));
        writes.BatchCommands.Add(HistoryEntry.Insert(_history, now));
        var counts = StatusCounts.Change(_moves.SelectMany(move => new[]
        {
            (OrderStatus.Name(move.Before.State).Status, -1),
            (OrderStatus.Name(move.After.State).Status, 1),
        }));
        if (counts is not null)
        {
            writes.BatchCommands.Add(counts);
        }
    }

    /// <summary>Once committed: tells the metrics.</summary>
    public void Report()
    {
        foreach (var (before, after) in _moves)
        {
            SagaMetrics.Moved(before, after, now);
        }
        _resends.ForEach(SagaMetrics.Repeated);
    }
}

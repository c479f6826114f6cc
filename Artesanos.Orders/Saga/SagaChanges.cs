using Npgsql;

namespace Artesanos.Orders.Saga;

/// <summary>Steps of one transaction: the sagas they lead to and the history they leave.</summary>
internal sealed class SagaChanges(Dictionary<Guid, OrderSaga> sagas)
{
    private readonly Dictionary<Guid, bool> _priced = [];
    private readonly List<HistoryEntry> _history = [];

    /// <summary>Applies a step; the next step of the same order builds on it.</summary>
    public void Apply(
        OrderSaga before, Step step, string cause, Guid? messageId, string? askedBy = null)
    {
        var after = step.Saga with { Version = before.Version + 1 };
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
    }

    public void AddTo(NpgsqlBatch writes, DateTimeOffset now)
    {
        if (_history.Count == 0)
        {
            return;
        }
        var changed = _priced.Select(order => (sagas[order.Key], order.Value)).ToList();
        writes.BatchCommands.Add(SagaStore.Update(changed, now));
        writes.BatchCommands.Add(HistoryEntry.Insert(_history, now));
    }
}

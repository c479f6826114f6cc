using System.Diagnostics.CodeAnalysis;

namespace Artesanos.StripeSimulator.Wire;

internal interface IStripeObject
{
    string Id { get; }

    /// <summary>Unix seconds, as in Stripe's <c>created</c>.</summary>
    long Created { get; }
}

/// <summary>Objects of one kind, in the order of their creation. Past
/// <paramref name="capacity"/> the oldest tenth is forgotten. Guarded by the account's lock.
/// </summary>
internal sealed class ObjectTable<T>(int capacity, string kind)
    where T : class, IStripeObject
{
    private readonly Dictionary<string, (T Item, long Sequence)> _byId =
        new(StringComparer.Ordinal);
    private readonly List<T> _items = [];
    private long _forgotten;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<T> Items => _items;

    public int Count => _items.Count;

    public bool IsFull => _items.Count >= capacity;

    public void Add(T item)
    {
        if (IsFull)
        {
            Forget(Math.Max(1, capacity / 10));
        }

        _byId.Add(item.Id, (item, _forgotten + _items.Count));
        _items.Add(item);
    }

    public bool TryFind(string id, [NotNullWhen(true)] out T? item)
    {
        var found = _byId.TryGetValue(id, out var entry);
        item = entry.Item;
        return found;
    }

    /// <summary>One page, newest first, of the objects that pass <paramref name="matches"/>.
    /// </summary>
    public (IReadOnlyList<T> Page, bool HasMore) Page(PageRequest page, Func<T, bool> matches)
    {
        var newerWanted = page.EndingBefore is not null;
        var start = (page.StartingAfter, page.EndingBefore) switch
        {
            ({ } after, _) => PositionOf(after, "starting_after") - 1,
            (_, { } before) => PositionOf(before, "ending_before") + 1,
            _ => _items.Count - 1
        };

        // One more than asked for tells whether another page follows.
        var found = new List<T>();
        for (var i = start; i >= 0 && i < _items.Count; i += newerWanted ? 1 : -1)
        {
            if (matches(_items[i]))
            {
                found.Add(_items[i]);
                if (found.Count > page.Limit)
                {
                    break;
                }
            }
        }

        var hasMore = found.Count > page.Limit;
        if (hasMore)
        {
            found.RemoveAt(page.Limit);
        }

        if (newerWanted)
        {
            found.Reverse();
        }

        return (found, hasMore);
    }

    private int PositionOf(string id, string param) =>
        _byId.TryGetValue(id, out var entry)
            ? (int)(entry.Sequence - _forgotten)
            : throw StripeRefusal.NoSuch(kind, id, param, status: 400);

    private void Forget(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _byId.Remove(_items[i].Id);
        }

        _items.RemoveRange(0, count);
        _forgotten += count;
    }
}

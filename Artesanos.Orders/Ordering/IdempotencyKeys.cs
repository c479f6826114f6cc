using Artesanos.Orders.Saga;
using Npgsql;

namespace Artesanos.Orders.Ordering;

/// <summary>Which order each Idempotency-Key of a batch stands for.</summary>
internal sealed class IdempotencyKeys
{
    private readonly Dictionary<(string Customer, string Key), Claim> _claims = [];

    private sealed record Claim(Guid OrderId, byte[] RequestHash, DateTimeOffset PlacedAt);

    /// <summary>
    /// Claims the keys of these orders in one round trip. A key that another transaction is just
    /// claiming is waited for, so its answer is known here.
    /// </summary>
    public static async Task<IdempotencyKeys> ClaimAsync(
        NpgsqlTransaction transaction, IReadOnlyList<NewOrder> orders, CancellationToken ct)
    {
        var keys = new IdempotencyKeys();
        var keyed = orders.Where(order => order.IdempotencyKey is not null)
            .DistinctBy(order => (order.CustomerId, order.IdempotencyKey))
            .ToList();
        if (keyed.Count == 0)
        {
            return keys;
        }
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands = { Insert(keyed), Select(keyed) },
        };
        await using var reader = await batch.ExecuteReaderAsync(ct);
        do
        {
            while (await reader.ReadAsync(ct))
            {
                keys._claims[(reader.GetString(0), reader.GetString(1))] = new Claim(
                    reader.GetGuid(2), reader.GetFieldValue<byte[]>(3),
                    reader.GetFieldValue<DateTimeOffset>(4));
            }
        }
        while (await reader.NextResultAsync(ct));
        return keys;
    }

    public bool IsFirst(NewOrder order) =>
        order.IdempotencyKey is null || Of(order).OrderId == order.Id;

    public PlacementResult ResultOf(NewOrder order)
    {
        if (IsFirst(order))
        {
            return new PlacementResult.Placed(
                new PlacedOrder(order.Id, OrderStatus.Started, order.PlacedAt));
        }
        var first = Of(order);
        return first.RequestHash.AsSpan().SequenceEqual(order.RequestHash)
            ? new PlacementResult.Placed(
                new PlacedOrder(first.OrderId, OrderStatus.Started, first.PlacedAt))
            : new PlacementResult.KeyReused();
    }

    private Claim Of(NewOrder order) => _claims[(order.CustomerId, order.IdempotencyKey!)];

    // In key order, so that two batches with the same keys wait instead of deadlocking. A key that
    // is there is not changed but locked: it cannot grow too old before it is read.
    private static NpgsqlBatchCommand Insert(List<NewOrder> orders) => new(
        """
        INSERT INTO idempotency_keys (customer_id, key, request_hash, order_id, created_at)
        SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::uuid[], $5::timestamptz[])
        ORDER BY 1, 2
        ON CONFLICT (customer_id, key) DO UPDATE SET key = excluded.key WHERE false
        """)
    {
        Parameters =
        {
            new() { Value = orders.Select(order => order.CustomerId).ToArray() },
            new() { Value = orders.Select(order => order.IdempotencyKey!).ToArray() },
            new() { Value = orders.Select(order => order.RequestHash).ToArray() },
            new() { Value = orders.Select(order => order.Id).ToArray() },
            new() { Value = orders.Select(order => order.PlacedAt).ToArray() },
        },
    };

    private static NpgsqlBatchCommand Select(List<NewOrder> orders) => new(
        """
        SELECT k.customer_id, k.key, k.order_id, k.request_hash, k.created_at
        FROM unnest($1::text[], $2::text[]) AS u(customer, key)
        JOIN idempotency_keys AS k ON k.customer_id = u.customer AND k.key = u.key
        """)
    {
        Parameters =
        {
            new() { Value = orders.Select(order => order.CustomerId).ToArray() },
            new() { Value = orders.Select(order => order.IdempotencyKey!).ToArray() },
        },
    };
}

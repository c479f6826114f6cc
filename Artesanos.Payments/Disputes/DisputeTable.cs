using Npgsql;
using NpgsqlTypes;

namespace Artesanos.Payments.Disputes;

/// <summary>The statement on <c>disputes</c> that an event's transaction contains.</summary>
internal static class DisputeTable
{
    /// <summary>
    /// Events come twice and out of order: the later one stands, and the end of a dispute stands
    /// against everything before it, also within the same second.
    /// </summary>
    public static NpgsqlBatchCommand Record(DisputeSeen seen, DateTimeOffset now) => new(
        """
        INSERT INTO disputes (id, order_id, intent_id, charge_id, amount_minor, currency, reason,
                              status, is_closed, opened_at, as_of, updated_at)
        VALUES ($1, (SELECT order_id FROM payments WHERE intent_id = $2), $2, $3, $4, $5, $6,
                $7, $8, $9, $10, $11)
        ON CONFLICT (id) DO UPDATE
        SET order_id = excluded.order_id, amount_minor = excluded.amount_minor,
            reason = excluded.reason, status = excluded.status, is_closed = excluded.is_closed,
            as_of = excluded.as_of, updated_at = excluded.updated_at
        WHERE (excluded.is_closed, excluded.as_of) > (disputes.is_closed, disputes.as_of)
        """)
    {
        Parameters =
        {
            new() { Value = seen.Id },
            Text(seen.IntentId),
            Text(seen.ChargeId),
            new() { Value = seen.AmountMinor },
            new() { Value = seen.Currency.ToUpperInvariant() },
            new() { Value = seen.Reason },
            new() { Value = seen.Status },
            new() { Value = seen.IsClosed },
            new() { Value = seen.OpenedAt },
            new() { Value = seen.AsOf },
            new() { Value = now },
        },
    };

    private static NpgsqlParameter Text(string? text) =>
        new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}

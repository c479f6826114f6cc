using Npgsql;
using NpgsqlTypes;

namespace Artesanos.Orders.Saga;

/// <summary>One row of an order's history.</summary>
internal sealed record HistoryEntry(
    Guid OrderId, int Version, SagaState State, string Effect, string Cause, Guid? MessageId,
    string? AskedBy)
{
    public const string Moved = "MOVED";
    public const string Resent = "RESENT";
    public const string Ignored = "IGNORED";

    public static NpgsqlBatchCommand Insert(
        IReadOnlyList<HistoryEntry> entries, DateTimeOffset now)
    {
        var names = entries.Select(entry => OrderStatus.Name(entry.State)).ToList();
        return new NpgsqlBatchCommand(
            """
            INSERT INTO order_history
                (order_id, version, status, compensation_step, effect, cause, message_id,
                 asked_by, at)
            SELECT *, $9 FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[],
                                     $6::text[], $7::uuid[], $8::text[])
            """)
        {
            Parameters =
            {
                new() { Value = entries.Select(entry => entry.OrderId).ToArray() },
                new() { Value = entries.Select(entry => entry.Version).ToArray() },
                new() { Value = names.Select(name => name.Status).ToArray() },
                new()
                {
                    Value = names.Select(name => name.Step).ToArray(),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                },
                new() { Value = entries.Select(entry => entry.Effect).ToArray() },
                new() { Value = entries.Select(entry => entry.Cause).ToArray() },
                new()
                {
                    Value = entries.Select(entry => entry.MessageId).ToArray(),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
                },
                new()
                {
                    Value = entries.Select(entry => entry.AskedBy).ToArray(),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                },
                new() { Value = now },
            },
        };
    }
}

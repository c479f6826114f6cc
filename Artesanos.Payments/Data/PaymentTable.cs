using Artesanos.Payments.Charging;
using Npgsql;
using NpgsqlTypes;

namespace Artesanos.Payments.Data;

/// <summary>
/// The statements on <c>payments</c> that run for every order: set-based, for as many rows as
/// have come together. Rows are always locked in the sequence of their order ids, so that
/// transactions over the same rows wait for each other instead of deadlocking.
/// </summary>
internal static class PaymentTable
{
    private const string Columns =
        """
        order_id, customer_id, amount_minor, currency, payment_method_id, attempt, status,
        intent_id, cancel_wanted, cancel_reason, failure_reason, refund_id, pay_by, next_try_at,
        tries, trace_parent, version, created_at, updated_at
        """;

    /// <summary>Inserts what is new; returns the orders whose row was not there before.</summary>
    public static async Task<HashSet<Guid>> InsertAsync(
        NpgsqlTransaction transaction, IReadOnlyList<Payment> rows, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            INSERT INTO payments ({Columns})
            SELECT * FROM unnest(
                $1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::int[],
                $7::text[], $8::text[], $9::bool[], $10::text[], $11::text[], $12::uuid[],
                $13::timestamptz[], $14::timestamptz[], $15::int[], $16::text[], $17::int[],
                $18::timestamptz[], $19::timestamptz[]) AS new (order_id)
            ORDER BY order_id
            ON CONFLICT (order_id) DO NOTHING RETURNING order_id
            """,
            transaction.Connection, transaction)
        {
            Parameters =
            {
                Uuids(rows, row => row.OrderId),
                Texts(rows, row => row.CustomerId),
                Values(rows, row => row.AmountMinor, NpgsqlDbType.Bigint),
                Texts(rows, row => row.Currency),
                Texts(rows, row => row.PaymentMethodId),
                Values(rows, row => row.Attempt, NpgsqlDbType.Integer),
                Texts(rows, row => row.Status.Text()),
                Texts(rows, row => row.IntentId),
                Values(rows, row => row.CancelWanted, NpgsqlDbType.Boolean),
                Texts(rows, row => row.CancelReason),
                Texts(rows, row => row.FailureReason),
                Values(rows, row => row.RefundId, NpgsqlDbType.Uuid),
                Values(rows, row => row.PayBy, NpgsqlDbType.TimestampTz),
                Values(rows, row => row.NextTryAt, NpgsqlDbType.TimestampTz),
                Values(rows, row => row.Tries, NpgsqlDbType.Integer),
                Texts(rows, row => row.TraceParent),
                Values(rows, row => row.Version, NpgsqlDbType.Integer),
                Values(rows, row => row.CreatedAt, NpgsqlDbType.TimestampTz),
                Values(rows, row => row.UpdatedAt, NpgsqlDbType.TimestampTz),
            },
        };
        var inserted = new HashSet<Guid>(rows.Count);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            inserted.Add(reader.GetGuid(0));
        }
        return inserted;
    }

    public static Task<Dictionary<Guid, Payment>> LockAsync(
        NpgsqlTransaction transaction, IEnumerable<Guid> orderIds, CancellationToken ct) =>
        LockAsync(transaction, "order_id", orderIds.ToArray(), ct);

    public static Task<Dictionary<Guid, Payment>> LockByIntentAsync(
        NpgsqlTransaction transaction, IEnumerable<string> intentIds, CancellationToken ct) =>
        LockAsync(transaction, "intent_id", intentIds.ToArray(), ct);

    private static async Task<Dictionary<Guid, Payment>> LockAsync(
        NpgsqlTransaction transaction, string column, Array keys, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT {Columns} FROM payments WHERE {column} = ANY($1) ORDER BY order_id FOR UPDATE",
            transaction.Connection, transaction)
        {
            Parameters = { new() { Value = keys } },
        };
        return (await ReadAsync(command, ct)).ToDictionary(row => row.OrderId);
    }

    /// <summary>
    /// Takes rows whose call is overdue: the process that was to make it died, or its delay is
    /// over. They are this process's until the lease ends.
    /// </summary>
    public static async Task<List<Payment>> ClaimDueAsync(
        NpgsqlDataSource database, DateTimeOffset now, TimeSpan lease, int limit,
        CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"""
            UPDATE payments SET next_try_at = $2
            WHERE order_id IN (SELECT order_id FROM payments WHERE next_try_at <= $1
                               ORDER BY next_try_at LIMIT $3 FOR UPDATE SKIP LOCKED)
            RETURNING {Columns}
            """);
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = now + lease });
        command.Parameters.Add(new() { Value = limit });
        return await ReadAsync(command, ct);
    }

    /// <summary>
    /// Takes payments that wait for their shopper and of which nothing was heard for a while. Who
    /// takes them asks Stripe; the others leave them alone until they have been silent again.
    /// </summary>
    public static async Task<List<Payment>> ClaimSilentAsync(
        NpgsqlDataSource database, DateTimeOffset now, TimeSpan silence, int limit,
        CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"""
            UPDATE payments SET checked_at = $1
            WHERE order_id IN (SELECT order_id FROM payments
                               WHERE status = 'OPEN' AND next_try_at IS NULL AND updated_at <= $2
                                   AND (checked_at IS NULL OR checked_at <= $2)
                               ORDER BY updated_at LIMIT $3 FOR UPDATE SKIP LOCKED)
            RETURNING {Columns}
            """);
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = now - silence });
        command.Parameters.Add(new() { Value = limit });
        return await ReadAsync(command, ct);
    }

    /// <summary>Writes what decisions can change; the rows are locked.</summary>
    public static NpgsqlBatchCommand Update(IReadOnlyCollection<Payment> rows) => new(
        """
        UPDATE payments AS p
        SET attempt = n.attempt, status = n.status, intent_id = n.intent_id,
            cancel_wanted = n.cancel_wanted, cancel_reason = n.cancel_reason,
            failure_reason = n.failure_reason, refund_id = n.refund_id,
            next_try_at = n.next_try_at, tries = n.tries, version = n.version,
            updated_at = n.updated_at
        FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::bool[], $6::text[],
                    $7::text[], $8::uuid[], $9::timestamptz[], $10::int[], $11::int[],
                    $12::timestamptz[])
            AS n (order_id, attempt, status, intent_id, cancel_wanted, cancel_reason,
                  failure_reason, refund_id, next_try_at, tries, version, updated_at)
        WHERE p.order_id = n.order_id
        """)
    {
        Parameters =
        {
            Uuids(rows, row => row.OrderId),
            Values(rows, row => row.Attempt, NpgsqlDbType.Integer),
            Texts(rows, row => row.Status.Text()),
            Texts(rows, row => row.IntentId),
            Values(rows, row => row.CancelWanted, NpgsqlDbType.Boolean),
            Texts(rows, row => row.CancelReason),
            Texts(rows, row => row.FailureReason),
            Values(rows, row => row.RefundId, NpgsqlDbType.Uuid),
            Values(rows, row => row.NextTryAt, NpgsqlDbType.TimestampTz),
            Values(rows, row => row.Tries, NpgsqlDbType.Integer),
            Values(rows, row => row.Version, NpgsqlDbType.Integer),
            Values(rows, row => row.UpdatedAt, NpgsqlDbType.TimestampTz),
        },
    };

    public static NpgsqlBatchCommand Upsert(Refund refund) => new(
        """
        INSERT INTO refunds (id, order_id, amount_minor, currency, status, stripe_refund_id,
                             failure_reason, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (id) DO UPDATE
        SET status = excluded.status,
            stripe_refund_id = coalesce(excluded.stripe_refund_id, refunds.stripe_refund_id),
            failure_reason = excluded.failure_reason, updated_at = excluded.updated_at
        """)
    {
        Parameters =
        {
            new() { Value = refund.Id },
            new() { Value = refund.OrderId },
            new() { Value = refund.AmountMinor },
            new() { Value = refund.Currency },
            new() { Value = refund.Status.Text() },
            Nullable(refund.StripeRefundId),
            Nullable(refund.FailureReason),
            new() { Value = refund.CreatedAt },
            new() { Value = refund.UpdatedAt },
        },
    };

    private static async Task<List<Payment>> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        var rows = new List<Payment>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(Read(reader));
        }
        return rows;
    }

    private static Payment Read(NpgsqlDataReader reader) => new()
    {
        OrderId = reader.GetGuid(0),
        CustomerId = reader.GetString(1),
        AmountMinor = reader.GetInt64(2),
        Currency = reader.GetString(3),
        PaymentMethodId = Text(reader, 4),
        Attempt = reader.GetInt32(5),
        Status = StatusSpelling.ToPaymentStatus(reader.GetString(6)),
        IntentId = Text(reader, 7),
        CancelWanted = reader.GetBoolean(8),
        CancelReason = Text(reader, 9),
        FailureReason = Text(reader, 10),
        RefundId = reader.IsDBNull(11) ? null : reader.GetGuid(11),
        PayBy = Time(reader, 12),
        NextTryAt = Time(reader, 13),
        Tries = reader.GetInt32(14),
        TraceParent = Text(reader, 15),
        Version = reader.GetInt32(16),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(17),
        UpdatedAt = reader.GetFieldValue<DateTimeOffset>(18),
    };

    private static string? Text(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private static NpgsqlParameter Nullable(string? text) =>
        new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Uuids(IEnumerable<Payment> rows, Func<Payment, Guid> column) =>
        Values(rows, column, NpgsqlDbType.Uuid);

    private static NpgsqlParameter Texts(
        IEnumerable<Payment> rows, Func<Payment, string?> column) =>
        Values(rows, column, NpgsqlDbType.Text);

    private static NpgsqlParameter Values<T>(
        IEnumerable<Payment> rows, Func<Payment, T> column, NpgsqlDbType type) =>
        new() { Value = rows.Select(column).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}

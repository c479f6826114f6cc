using Artesanos.Inventory.Data;
using Artesanos.Messaging.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace Artesanos.Inventory.Notifications;

/// <summary>
/// The statements of the notifications. Time is the database's, as in the outbox.
/// </summary>
internal static class NotificationSql
{
    /// <summary>One row per alert and channel; one that is there already stays as it is.</summary>
    public static NpgsqlBatchCommand Insert(
        IReadOnlyList<(Guid Id, LowStockAlert Alert)> alerts, string[] channels) =>
        new("""
            INSERT INTO notifications (alert_id, product_id, product_name, artisan_sub,
                available, threshold, channel, status, attempts, created_at, due_at)
            SELECT a.*, channel, $8, 0, now(), now()
            FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::int[]) AS a
            CROSS JOIN unnest($7::text[]) AS channel
            ON CONFLICT DO NOTHING
            """)
        {
            Parameters =
            {
                new() { Value = alerts.Select(a => a.Id).ToArray() },
                new() { Value = alerts.Select(a => a.Alert.ProductId).ToArray() },
                new() { Value = alerts.Select(a => a.Alert.Name).ToArray() },
                new()
                {
                    Value = alerts.Select(a => a.Alert.ArtisanSub).ToArray(),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                },
                new() { Value = alerts.Select(a => a.Alert.Available).ToArray() },
                new() { Value = alerts.Select(a => a.Alert.Threshold).ToArray() },
                new() { Value = channels },
                new() { Value = NotificationRow.Pending },
            },
        };

    /// <summary>
    /// Takes the notification of a channel that has been due longest, and leases it: whoever dies
    /// with it leaves it due again. A try counts when it begins, so that one which kills its
    /// process is bounded too.
    /// </summary>
    public static async Task<Notification?> ClaimAsync(
        NpgsqlDataSource database, string channel, TimeSpan lease, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE notifications SET attempts = attempts + 1, due_at = now() + $2
            WHERE (alert_id, channel) IN (
                SELECT alert_id, channel FROM notifications
                WHERE channel = $1 AND status = 'PENDING' AND due_at <= now()
                ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING alert_id, product_id, product_name, artisan_sub, available, threshold,
                created_at, attempts
            """);
        command.Parameters.Add(new() { Value = channel });
        command.Parameters.Add(new() { Value = lease });
        await using var row = await command.ExecuteReaderAsync(ct);
        return !await row.ReadAsync(ct) ? null : new Notification(
            row.GetGuid(0),
            new LowStockAlert(row.GetGuid(1), row.GetString(2),
                row.IsDBNull(3) ? null : row.GetString(3), row.GetInt32(4), row.GetInt32(5)),
            row.GetFieldValue<DateTimeOffset>(6), row.GetInt32(7));
    }

    public static async Task MarkSentAsync(
        NpgsqlDataSource database, Guid alertId, string channel, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE notifications SET status = 'SENT', sent_at = now(), last_error = NULL
            WHERE alert_id = $1 AND channel = $2
            """);
        command.Parameters.Add(new() { Value = alertId });
        command.Parameters.Add(new() { Value = channel });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <param name="retryIn">The delay before the next try, or null to give up.</param>
    public static async Task MarkFailedAsync(
        NpgsqlDataSource database, Guid alertId, string channel, string error,
        TimeSpan? retryIn, CancellationToken ct)
    {
        // Pending only: a slow try that outlived its lease must not undo a later success.
        await using var command = database.CreateCommand(
            """
            UPDATE notifications SET last_error = $3, due_at = now() + $4, status = $5
            WHERE alert_id = $1 AND channel = $2 AND status = 'PENDING'
            """);
        command.Parameters.Add(new() { Value = alertId });
        command.Parameters.Add(new() { Value = channel });
        command.Parameters.Add(new() { Value = error });
        command.Parameters.Add(new() { Value = retryIn ?? TimeSpan.Zero });
        command.Parameters.Add(new()
        {
            Value = retryIn is null ? NotificationRow.Abandoned : NotificationRow.Pending,
        });
        await command.ExecuteNonQueryAsync(ct);
    }
}

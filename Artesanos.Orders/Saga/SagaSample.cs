using System.Diagnostics.Metrics;
using Artesanos.Messaging.Metrics;
using Artesanos.ServiceDefaults.Metrics;
using Npgsql;

namespace Artesanos.Orders.Saga;

/// <summary>What the orders' tables say, whichever replica is asked.</summary>
internal sealed class SagaSample(NpgsqlDataSource database, TimeProvider time) : ISample
{
    private static readonly string[] Statuses =
        [.. Enum.GetValues<SagaState>().Select(state => OrderStatus.Name(state).Status).Distinct()];

    private readonly SampledGauge _orders = new(SagaMetrics.Meter, "order.status_count",
        "{order}", "Orders in each status.", time);

    private readonly SampledGauge _stuck = new(SagaMetrics.Meter, "saga.stuck",
        "{saga}", "Sagas whose command stays unanswered: an operator should look.", time);

    private readonly SampledGauge _overdue = new(SagaMetrics.Meter, "saga.deadline.lag",
        "s", "How long ago the earliest deadline passed that was not acted on.", time);

    public async Task TakeAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await StatusCounts.FoldAsync(connection, ct);
        // Both are read from partial indexes of what is not over yet.
        await using var command = new NpgsqlCommand(
            $"""
            {StatusCounts.Select};
            SELECT count(*), (SELECT coalesce(extract(epoch FROM now() - min(deadline)), 0)::float8
                              FROM orders WHERE deadline IS NOT NULL)
            FROM orders WHERE stuck_since IS NOT NULL
            """, connection);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await rows.ReadAsync(ct))
        {
            counts[rows.GetString(0)] = rows.GetInt64(1);
        }
        await rows.NextResultAsync(ct);
        await rows.ReadAsync(ct);
        _orders.Set([.. Statuses.Select(status => new Measurement<double>(
            counts.GetValueOrDefault(status),
            new KeyValuePair<string, object?>("status", status)))]);
        _stuck.Set(rows.GetInt64(0));
        _overdue.Set(Math.Max(0, rows.GetDouble(1)));
    }
}

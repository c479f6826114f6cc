using Artesanos.Orders.Ordering;
using Artesanos.Orders.Saga;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Artesanos.Orders.Live;

/// <summary>
/// The one reader of this replica: one statement per interval for all watched orders, whichever
/// replica moves them. Nothing is read while nobody watches.
/// </summary>
internal sealed partial class ReadMoves(
    NpgsqlDataSource database, OrderWatchers watchers, IOptions<LiveOptions> options,
    TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ReadMoves> logger)
    : BackgroundService
{
    private const int MaxBatch = 1_000;

    private bool _failing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The server waits for open requests before this service is told to stop.
        using var end = lifetime.ApplicationStopping.Register(watchers.EndAll);
        using var timer = new PeriodicTimer(options.Value.ReadInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var batch in watchers.Watched().Chunk(MaxBatch))
                {
                    watchers.Deliver(await ReadAsync(batch, stoppingToken));
                }
                _failing = false;
            }
            catch (NpgsqlException failure)
            {
                // The streams stay open: the next tick reads what this one missed.
                if (!_failing)
                {
                    LogFailed(failure.Message);
                }
                _failing = true;
            }
            watchers.Beat();
        }
    }

    private async Task<List<OrderMove>> ReadAsync(
        (Guid OrderId, int After)[] watched, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT h.order_id, h.version, h.status, h.at, h.cause
            FROM unnest($1::uuid[], $2::int[]) AS u(id, after)
            JOIN order_history AS h ON h.order_id = u.id AND h.version > u.after
            WHERE h.effect = $3
            ORDER BY h.order_id, h.version
            """);
        command.Parameters.Add(new() { Value = watched.Select(order => order.OrderId).ToArray() });
        command.Parameters.Add(new() { Value = watched.Select(order => order.After).ToArray() });
        command.Parameters.Add(new() { Value = HistoryEntry.Moved });
        var moves = new List<OrderMove>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            moves.Add(new OrderMove(row.GetGuid(0), row.GetInt32(1), new HistoryView(
                row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetString(4))));
        }
        return moves;
    }

    [LoggerMessage(LogLevel.Warning, "Watched orders cannot be read: {Reason}")]
    private partial void LogFailed(string reason);
}

using Artesanos.ServiceDefaults.Metrics;
using Npgsql;

namespace Artesanos.Messaging.Metrics;

/// <summary>Outbox, inbox and dead letters, as their tables are.</summary>
internal sealed class MessageTableSample(NpgsqlDataSource database, TimeProvider time) : ISample
{
    /// <summary>
    /// The first two are read from partial indexes, which hold only what is still to be done, and
    /// the outbox at most so far as it matters. Nobody counts the inbox row by row: it keeps
    /// every message, so the statistics of PostgreSQL must do.
    /// </summary>
    private const string Sql =
        """
        SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8,
            (SELECT count(*) FROM dead_letters WHERE status = 'OPEN'),
            (SELECT n_live_tup FROM pg_stat_user_tables WHERE relname = 'inbox')
        FROM (SELECT created_at FROM outbox
              WHERE published_at IS NULL ORDER BY leased_until LIMIT 100000) AS waiting
        """;

    private readonly SampledGauge _outboxSize = new(MessagingMetrics.Meter, "outbox.size",
        "{message}", "Messages that have not left yet; more than 100000 count as 100000.", time);

    private readonly SampledGauge _outboxLag = new(MessagingMetrics.Meter, "outbox.lag",
        "s", "Age of the oldest message that has not left yet.", time);

    private readonly SampledGauge _deadLetters = new(MessagingMetrics.Meter, "dead_letters.open",
        "{message}", "Dead letters that no operator has replayed or discarded.", time);

    private readonly SampledGauge _inboxSize = new(MessagingMetrics.Meter, "inbox.size",
        "{message}", "Messages handled since the beginning, as PostgreSQL estimates.", time);

    public async Task TakeAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(Sql);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        _outboxSize.Set(row.GetInt64(0));
        // Another server's clock may be a little ahead of the database's.
        _outboxLag.Set(Math.Max(0, row.GetDouble(1)));
        _deadLetters.Set(row.GetInt64(2));
        _inboxSize.Set(row.GetInt64(3));
    }
}

using Artesanos.Messaging.Metrics;
using Artesanos.ServiceDefaults.Metrics;
using Npgsql;

namespace Artesanos.Payments.Charging;

/// <summary>What waits in Payments' tables, read from the indexes of what is due.</summary>
internal sealed class PaymentSample(NpgsqlDataSource database, TimeProvider time) : ISample
{
    private const string Sql =
        """
        SELECT (SELECT count(*) FROM stripe_events WHERE processed_at IS NULL),
            (SELECT coalesce(extract(epoch FROM now() - min(next_try_at)), 0)::float8
             FROM stripe_events WHERE processed_at IS NULL),
            (SELECT coalesce(extract(epoch FROM now() - min(next_try_at)), 0)::float8
             FROM payments WHERE next_try_at IS NOT NULL)
        """;

    private readonly SampledGauge _waiting = new(PaymentMetrics.Meter,
        "stripe.webhooks.waiting", "{webhook}", "Stored webhooks without effect so far.", time);

    private readonly SampledGauge _webhookLag = new(PaymentMetrics.Meter,
        "stripe.webhooks.lag", "s", "How overdue the most overdue stored webhook is.", time);

    private readonly SampledGauge _callLag = new(PaymentMetrics.Meter,
        "stripe.call.lag", "s", "How overdue the most overdue call to Stripe is.", time);

    public async Task TakeAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(Sql);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        _waiting.Set(row.GetInt64(0));
        _webhookLag.Set(Math.Max(0, row.GetDouble(1)));
        _callLag.Set(Math.Max(0, row.GetDouble(2)));
    }
}

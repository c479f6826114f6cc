using Xunit;

namespace Artesanos.Tests.Integration;

/// <summary>Tables that grow with every order shrink again, and forget nothing too early.</summary>
[Trait("Category", "Integration")]
public sealed class RetentionTests(Topology topology)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="service">Whose database.</param>
    /// <param name="table">The table.</param>
    /// <param name="values">A row: <c>$1</c> its id, <c>$2</c> its age as a moment.</param>
    /// <param name="days">How long such a row is kept.</param>
    [Theory]
    [InlineData("orders", "outbox (id, key, subject, payload, created_at, leased_until, published_at)",
        "$1, $1, 'orders.test', '', $2, $2, $2", 7)]
    [InlineData("payments", "inbox (id, handled_at)", "$1, $2", 30)]
    [InlineData("inventory", """
        dead_letters (id, subject, payload, headers, error, attempts, failed_at, status,
            resolved_by, resolved_at)
        """, "$1, 'orders.test', '', '{}', '', 1, $2, 'DISCARDED', 'olga', $2", 90)]
    [InlineData("orders", "idempotency_keys (customer_id, key, request_hash, order_id, created_at)",
        "'ana', $1::text, '', $1, $2", 1)]
    [InlineData("payments", """
        stripe_events (id, type, body, received_at, processed_at, next_try_at, tries)
        """, "$1::text, 'test', '', $2, $2, $2, 1", 35)]
    [InlineData("inventory", """
        notifications (alert_id, channel, product_id, product_name, available, threshold, status,
            attempts, created_at, due_at)
        """, "$1, 'log', $1, '', 0, 0, 'SENT', 1, $2, $2", 30)]
    public async Task Rows_that_have_served_their_time_are_deleted_and_younger_ones_stay(
        string service, string table, string values, int days)
    {
        var (old, young) = (Moment(days, hours: -1), Moment(days, hours: 1));
        var (oldId, youngId) = (Guid.CreateVersion7(old), Guid.CreateVersion7(young));
        foreach (var (id, moment) in new[] { (oldId, old), (youngId, young) })
        {
            await topology.QueryAsync<object>(service,
                $"INSERT INTO {table} SELECT {values}", Ct, id, moment);
        }

        await Eventually.TrueAsync(
            async () => await CountAsync(service, table, oldId) == 0,
            Patience, "the old row is deleted", Ct);

        Assert.Equal(1, await CountAsync(service, table, youngId));
    }

    [Theory]
    [InlineData("orders", "outbox (id, key, subject, payload, created_at, leased_until)",
        "$1, $1, 'orders.test', '', $2, now() + interval '1 hour'")]
    [InlineData("inventory", """
        dead_letters (id, subject, payload, headers, error, attempts, failed_at, status)
        """, "$1, 'orders.test', '', '{}', '', 1, $2, 'OPEN'")]
    public async Task What_is_not_settled_stays_whatever_its_age(
        string service, string table, string values)
    {
        var old = Moment(days: 365, hours: 0);
        var id = Guid.CreateVersion7(old);
        var settled = Guid.CreateVersion7(old);
        await topology.QueryAsync<object>(
            service, $"INSERT INTO {table} SELECT {values}", Ct, id, old);
        // Once this one is gone, the table has been looked through.
        await topology.QueryAsync<object>(
            service, "INSERT INTO inbox (id, handled_at) VALUES ($1, $2)", Ct, settled, old);
        await Eventually.TrueAsync(
            async () => await CountAsync(service, "inbox", settled) == 0,
            Patience, "the settled row is deleted", Ct);

        Assert.Equal(1, await CountAsync(service, table, id));
        await topology.QueryAsync<object>(
            service, $"DELETE FROM {table.Split(' ')[0]} WHERE id = $1", Ct, id);
    }

    private static DateTimeOffset Moment(int days, int hours) =>
        DateTimeOffset.UtcNow - TimeSpan.FromDays(days) + TimeSpan.FromHours(hours);

    private Task<long> CountAsync(string service, string table, Guid id)
    {
        var name = table.Split(' ')[0];
        var key = name switch
        {
            "idempotency_keys" => "key",
            "notifications" => "alert_id",
            _ => "id",
        };
        return topology.QueryAsync<long>(
            service, $"SELECT count(*) FROM {name} WHERE {key}::text = $1", Ct, id.ToString());
    }
}

using Artesanos.Orders.Ordering;
using Artesanos.Tests.Audit;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace Artesanos.Tests.Ordering;

[Trait("Category", "Integration")]
public sealed class ForgetOldKeysTests(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_older_than_a_day_are_deleted_batch_by_batch_and_younger_ones_stay()
    {
        await using var scratch = await ScratchDatabase.CreateAsync(
            (await topology.App.GetConnectionStringAsync("orders-db", Ct))!, Ct);
        await scratch.ExecuteAsync(
            """
            CREATE TABLE idempotency_keys (customer_id text, key text, created_at timestamptz);
            INSERT INTO idempotency_keys SELECT 'ana', n::text, now() - interval '25 hours'
            FROM generate_series(1, 5) AS n;
            INSERT INTO idempotency_keys VALUES ('ana', 'young', now() - interval '23 hours');
            """, Ct);
        await using var database = NpgsqlDataSource.Create(scratch.ConnectionString);
        using var forget = new ForgetOldKeys(
            database, Options.Create(new IdempotencyOptions { MaxBatch = 3 }), TimeProvider.System,
            NullLogger<ForgetOldKeys>.Instance);

        var batches = new[]
        {
            await forget.ForgetAsync(Ct),
            await forget.ForgetAsync(Ct),
            await forget.ForgetAsync(Ct),
        };

        Assert.Equal([3, 2, 0], batches);
        await using var left = database.CreateCommand("SELECT min(key) FROM idempotency_keys");
        Assert.Equal("young", await left.ExecuteScalarAsync(Ct));
    }
}

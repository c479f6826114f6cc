using Artesanos.Payments.Charging;
using Artesanos.Payments.Data;
using Artesanos.Payments.StripeApi;
using Aspire.Hosting.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;
using static Artesanos.Tests.Payments.PaymentSamples;

namespace Artesanos.Tests.Integration;

/// <summary>Two replicas reconcile without doing anything twice, on their own database.</summary>
[Trait("Category", "Integration")]
public sealed class ReconciliationClaimTests(Topology topology) : IAsyncLifetime
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private PaymentsDbContext _schema = null!;
    private NpgsqlDataSource _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var neighbour = await topology.App.GetConnectionStringAsync("payments-db", Ct);
        var own = new NpgsqlConnectionStringBuilder(neighbour)
        {
            Database = $"scratch_{Guid.CreateVersion7():N}",
        };
        _schema = new PaymentsDbContext(new DbContextOptionsBuilder<PaymentsDbContext>()
            .UseNpgsql(own.ConnectionString).UseSnakeCaseNamingConvention().Options);
        await _schema.Database.MigrateAsync(Ct);
        _database = NpgsqlDataSource.Create(own.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _schema.Database.EnsureDeletedAsync(CancellationToken.None);
        await _schema.DisposeAsync();
    }

    [Fact]
    public async Task Two_replicas_take_each_silent_payment_once_and_again_only_later()
    {
        const int count = 200;
        await InsertAsync(Enumerable.Range(0, count).Select(_ => Open()));
        var now = Now + Silence;

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ClaimAsync(now, 50)));
        var rest = await ClaimAsync(now, count);

        var taken = claims.Append(rest).SelectMany(rows => rows).Select(row => row.OrderId);
        Assert.Equal(count, taken.Count());
        Assert.Equal(count, taken.Distinct().Count());
        Assert.Empty(await ClaimAsync(now + Silence / 2, count));
        Assert.Equal(count, (await ClaimAsync(now + Silence, count)).Count);
    }

    [Fact]
    public async Task Only_payments_that_wait_for_their_shopper_and_are_silent_are_taken()
    {
        var silent = Open();
        await InsertAsync(
        [
            silent,
            Open() with { UpdatedAt = Now.AddSeconds(1) },
            Open() with { NextTryAt = Now.AddSeconds(9) },
            .. Enum.GetValues<PaymentStatus>().Where(status => status != PaymentStatus.Open)
                .Select(status => Row(status) with
                {
                    OrderId = Guid.CreateVersion7(),
                    IntentId = $"pi_{Guid.CreateVersion7():N}",
                    NextTryAt = null,
                }),
        ]);

        var claimed = await ClaimAsync(Now + Silence - TimeSpan.FromSeconds(5), 100);

        Assert.Equal(silent.OrderId, Assert.Single(claimed).OrderId);
    }

    [Fact]
    public async Task One_replica_reads_events_at_a_time_and_a_dead_one_is_replaced()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => EventRound.ClaimAsync(_database, Now, Lease, Ct)));
        var dead = Assert.Single(claims.OfType<EventRound>());
        Assert.Null(await EventRound.ClaimAsync(_database, Now + Lease / 2, Lease, Ct));

        var next = await EventRound.ClaimAsync(_database, Now + Lease, Lease, Ct);
        Assert.NotNull(next);
        await EventRound.SaveAsync(_database, next, Reached("evt_2"), Ct);
        // The first one was only slow, and says how far it got: nobody listens.
        await EventRound.SaveAsync(_database, dead, Reached("evt_1"), Ct);

        var last = await EventRound.ClaimAsync(_database, Now + 3 * Lease, Lease, Ct);
        Assert.Equal("evt_2", last?.StartingAfter);
    }

    private static EventRound Reached(string cursor) => new()
    {
        NextRunAt = Now + 2 * Lease,
        RoundUntil = Now,
        StartingAfter = cursor,
    };

    private static Payment Open() => Row(PaymentStatus.Open, card: null) with
    {
        OrderId = Guid.CreateVersion7(),
        IntentId = $"pi_{Guid.CreateVersion7():N}",
    };

    private Task<List<Payment>> ClaimAsync(DateTimeOffset now, int limit) =>
        PaymentTable.ClaimSilentAsync(_database, now, Silence, limit, Ct);

    private async Task InsertAsync(IEnumerable<Payment> rows)
    {
        await using var connection = await _database.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await PaymentTable.InsertAsync(transaction, [.. rows], Ct);
        await transaction.CommitAsync(Ct);
    }
}

using Artesanos.Inventory.Reservations;
using Artesanos.Messaging.Contracts;
using Artesanos.Tests.Proof.Simulation;
using Aspire.Hosting.Testing;
using Npgsql;
using Xunit;

namespace Artesanos.Tests.Proof.Properties;

/// <summary>
/// The simulation keeps reservations in memory. Here the statements of the real service and that
/// memory get the same random batches, and must agree after each. Nothing is committed: the
/// database belongs to all tests.
/// </summary>
[Trait("Category", "Integration")]
public sealed class ReservationSqlTests(Topology topology)
{
    private const int OnHand = 6;
    private static readonly DateTimeOffset Now = new(2036, 11, 24, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task PostgreSQL_and_the_model_agree_after_every_batch(ulong seed)
    {
        var ct = TestContext.Current.CancellationToken;
        var dice = new Dice(seed);
        Guid[] products =
        [
            await topology.NewProductAsync(OnHand, 3850, ct),
            await topology.NewProductAsync(OnHand, 4500, ct),
        ];
        await using var database = await OpenAsync(ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var first = await ReservationSql.LockAsync(transaction, [], products, ct);
        var model = new ReservationSet([], first.Stock.Values);
        Guid[] orders = [.. Enumerable.Range(0, 6).Select(_ => dice.Id())];

        for (var round = 0; round < 40; round++)
        {
            var commands = Enumerable.Range(0, dice.Between(1, 9))
                .Select(_ => Command(dice, dice.OneOf(orders), products)).ToList();
            var stored = await ReservationSql.LockAsync(
                transaction, [.. commands.Select(c => c.Order).Distinct()], products, ct);
            foreach (var (order, command) in commands)
            {
                var (expected, actual) =
                    (Decide(model, order, command), Decide(stored, order, command));
                Assert.Equal(expected.Answer?.GetType(), actual.Answer?.GetType());
                model.Apply(expected);
                stored.Apply(actual);
            }
            await using var writes = new NpgsqlBatch(connection, transaction);
            stored.AddWrites(writes, Now);
            if (writes.BatchCommands.Count > 0)
            {
                await writes.ExecuteNonQueryAsync(ct);
            }
            await AssertSameAsync(transaction, model, orders, products, ct);
        }
    }

    [Theory]
    [InlineData(0, OnHand + 1)]
    [InlineData(0, -1)]
    [InlineData(-OnHand - 1, 0)]
    public async Task The_statement_refuses_what_the_model_throws_at(int onHand, int held)
    {
        var ct = TestContext.Current.CancellationToken;
        var product = await topology.NewProductAsync(OnHand, 3850, ct);
        await using var database = await OpenAsync(ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var stored = await ReservationSql.LockAsync(transaction, [], [product], ct);
        stored.Apply(new Decision(null, [new StockChange(product, onHand, held)], null));
        await using var writes = new NpgsqlBatch(connection, transaction);
        stored.AddWrites(writes, Now);

        // The condition of the update itself, before any constraint of the table.
        var refusal =
            await Assert.ThrowsAsync<PostgresException>(() => writes.ExecuteNonQueryAsync(ct));
        Assert.Contains("0 of 1 products had the stock", refusal.MessageText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("held = on_hand + 1", "ck_products_held")]
    [InlineData("held = -1", "ck_products_held")]
    public async Task The_table_refuses_whatever_statement_would_oversell(
        string change, string constraint)
    {
        var ct = TestContext.Current.CancellationToken;
        var product = await topology.NewProductAsync(OnHand, 3850, ct);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() =>
            topology.QueryAsync<object>(
                "inventory", $"UPDATE products SET {change} WHERE id = $1", ct, product));

        Assert.Equal(constraint, refusal.ConstraintName);
    }

    private static async Task AssertSameAsync(
        NpgsqlTransaction transaction, ReservationSet model, Guid[] orders, Guid[] products,
        CancellationToken ct)
    {
        var stored = await ReservationSql.LockAsync(transaction, orders, products, ct);
        foreach (var product in products)
        {
            Assert.Equal(model.Stock[product], stored.Stock[product]);
        }
        foreach (var order in orders)
        {
            var (expected, actual) = (model.Find(order), stored.Find(order));
            Assert.Equal(expected?.State, actual?.State);
            Assert.Equal(expected?.Lines, actual?.Lines);
            Assert.Equal(expected?.Missing, actual?.Missing);
            Assert.Equal(
                (expected?.TotalMinor, expected?.ReservedUntil, expected?.Reason),
                (actual?.TotalMinor, actual?.ReservedUntil, actual?.Reason));
        }
    }

    private static (Guid Order, object Body) Command(Dice dice, Guid order, Guid[] products) =>
        (order, dice.Between(0, 5) switch
        {
            0 => new CommitInventory(order),
            1 => new ReleaseInventory(order, "payment_failed"),
            2 => new HoldTimeOver(),
            _ => new ReserveInventory(order, [.. Enumerable.Range(0, dice.Between(1, 4)).Select(
                _ => new OrderLine(dice.OneOf(products), dice.Between(1, 4)))]),
        });

    private static Decision Decide(ReservationSet set, Guid order, object command)
    {
        var current = set.Find(order);
        return command switch
        {
            ReserveInventory reserve => ReservationRules.Reserve(current, reserve, set.Stock, Now),
            CommitInventory => ReservationRules.Commit(current, set.Stock),
            ReleaseInventory release => ReservationRules.Release(current, release),
            _ when current is null => new Decision(null, [], null),
            _ => ReservationRules.Expire(current, Now),
        };
    }

    private async Task<NpgsqlDataSource> OpenAsync(CancellationToken ct) =>
        NpgsqlDataSource.Create(
            (await topology.App.GetConnectionStringAsync("inventory-db", ct))!);
}

using Artesanos.Tests.Money;
using Npgsql;
using Xunit;

namespace Artesanos.Tests.Integration;

/// <summary>
/// Which rows a service locks, and in which order: seen by holding one of them, as another replica
/// would, and looking at what still moves.
/// </summary>
[Trait("Category", "Integration")]
public sealed class LockTests(Topology topology)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_due_deadline_that_another_replica_has_in_hand_holds_up_no_other()
    {
        var product = await topology.NewProductAsync(stock: 2, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var held = await shopper.PlaceUnpaidAsync(product, Ct);
        var free = await shopper.PlaceUnpaidAsync(product, Ct);

        // Soon, so that one is in hand before it is due; it is the first in line then.
        await topology.QueryAsync<object>("orders",
            """
            UPDATE orders SET deadline = now() + CASE WHEN id = $1 THEN interval '3 seconds'
                                                      ELSE interval '3.1 seconds' END
            WHERE id IN ($1, $2)
            """, Ct, held, free);
        await using (await HoldAsync("orders", "orders", held))
        {
            await shopper.WaitForAsync(free, "FAILED", Ct);

            Assert.Equal("PAYMENT_PENDING",
                (await shopper.OrderAsync(held, Ct)).GetProperty("status").GetString());
        }
        await shopper.WaitForAsync(held, "FAILED", Ct);
    }

    [Fact]
    public async Task Products_are_locked_in_the_order_of_their_ids_whatever_the_order_names_first()
    {
        var first = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        var second = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);

        Guid order;
        await using (var holder = await HoldAsync("inventory", "products", first))
        {
            order = await shopper.PlaceAsync([second, first], Ct);
            await Eventually.TrueAsync(
                () => topology.QueryAsync<bool>("inventory",
                    """
                    SELECT EXISTS (SELECT FROM pg_stat_activity
                                   WHERE $1 = ANY(pg_blocking_pids(pid)))
                    """, Ct, holder.ProcessID),
                Patience, "the reservation waits for the first product", Ct);

            // It holds nothing that somebody could wait for who holds the first.
            await using var other = await HoldAsync("inventory", "products", second, "NOWAIT");
        }
        await shopper.WaitForAsync(order, "COMPLETED", Ct);
    }

    /// <summary>A connection whose transaction has the row, until it is closed.</summary>
    private async Task<NpgsqlConnection> HoldAsync(
        string service, string table, Guid id, string wait = "")
    {
        var connection = await topology.ConnectAsync(service, Ct);
        await using var command = new NpgsqlCommand(
            $"BEGIN; SELECT 1 FROM {table} WHERE id = '{id}' FOR UPDATE {wait}", connection);
        await command.ExecuteNonQueryAsync(Ct);
        return connection;
    }
}

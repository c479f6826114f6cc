using Artesanos.Inventory.Reservations;
using Artesanos.Messaging.Contracts;
using BenchmarkDotNet.Attributes;
using Npgsql;

namespace Artesanos.MicroBench;

/// <summary>
/// Locks, decides nothing and writes the reservations of a batch of orders, on the PostgreSQL of
/// a topology of its own. Rolled back, so every round meets the same tables.
/// </summary>
public class ReservationStatements
{
    private const int Products = 16;
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private InventoryDatabase _inventory = null!;
    private Guid[] _products = [];

    [Params(1, 64)]
    public int Orders { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
    {
        _inventory = await InventoryDatabase.StartAsync();
        await using var read = _inventory.Source.CreateCommand(
            $"""
            SELECT array_agg(id) FROM (
                SELECT id FROM products ORDER BY on_hand - held DESC LIMIT {Products}) AS plenty
            """);
        _products = (Guid[])(await read.ExecuteScalarAsync())!;
    }

    [GlobalCleanup]
    public async Task StopAsync() => await _inventory.DisposeAsync();

    [Benchmark]
    public async Task ReserveAsync()
    {
        var reservations = Enumerable.Range(0, Orders).Select(i => new Reservation(
            Guid.CreateVersion7(), ReservationState.HELD,
            [new PricedLine(_products[i % _products.Length], "Pieza", 1, 1000)],
            1000, "EUR", Now.AddMinutes(15), Reason: null, Missing: [])).ToList();
        var changes = reservations.SelectMany(reservation => reservation.Lines)
            .GroupBy(line => line.ProductId)
            .Select(product => (new StockChange(product.Key, OnHand: 0, product.Count()), false))
            .ToList();

        await using var connection = await _inventory.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ReservationSql.LockAsync(
            transaction, [.. reservations.Select(r => r.OrderId)], _products, default);
        await using var writes = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                ReservationSql.ChangeStock(changes, Now),
                ReservationSql.Insert(reservations, Now),
            },
        };
        await writes.ExecuteNonQueryAsync();
        await transaction.RollbackAsync();
    }
}

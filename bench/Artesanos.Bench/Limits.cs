using System.Diagnostics;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Npgsql;

namespace Artesanos.Bench;

/// <summary>
/// What PostgreSQL and JetStream do alone with the writes and messages of an order, on the same
/// servers and disk right before the load: the ceilings that the saga is compared with.
/// </summary>
/// <param name="DatabaseOrdersPerSecond">
/// Seven transactions, each for 16 orders at once; for a load of lone orders, for one.
/// </param>
/// <param name="PublishOrdersPerSecond">
/// Nine messages, 64 on their way at once; for a load of lone orders, one after the other.
/// </param>
internal sealed record Limits(double DatabaseOrdersPerSecond, double PublishOrdersPerSecond)
{
    private const int MessagesPerOrder = 9;
    /// <summary>With fewer, what the runtime compiles at first would count for too much.</summary>
    private const int FewestOrders = 3000;
    private static readonly byte[] Payload = new byte[300];

    private const string Tables =
        """
        CREATE SCHEMA limits;
        CREATE TABLE limits.orders (id uuid PRIMARY KEY, status text, lines jsonb, at timestamptz);
        CREATE TABLE limits.reservations (id uuid PRIMARY KEY, status text);
        CREATE TABLE limits.payments (id uuid PRIMARY KEY, status text);
        CREATE TABLE limits.inbox (id uuid PRIMARY KEY, at timestamptz);
        CREATE TABLE limits.outbox (id uuid PRIMARY KEY, payload bytea, at timestamptz)
        """;

    private const string Receive =
        "INSERT INTO limits.inbox SELECT gen_random_uuid(), now() FROM unnest($1::uuid[])";

    private const string Send =
        """
        INSERT INTO limits.outbox
        SELECT gen_random_uuid(), convert_to(repeat('x', 300), 'UTF8'), now()
        FROM unnest($1::uuid[])
        """;

    private const string Move =
        "UPDATE limits.orders SET status = status || '.', at = now() WHERE id = ANY($1)";

    /// <summary>Place, reserve, ask for the money, take it, hear of it, sell, end.</summary>
    private static readonly string[][] Transactions =
    [
        ["INSERT INTO limits.orders SELECT id, 'STARTED', '[{},{}]', now() FROM unnest($1::uuid[]) AS id",
            Send, Send],
        [Receive, "INSERT INTO limits.reservations SELECT id, 'HELD' FROM unnest($1::uuid[]) AS id",
            Send],
        [Receive, Move, Send],
        [Receive, "INSERT INTO limits.payments SELECT id, 'PAID' FROM unnest($1::uuid[]) AS id",
            Send],
        [Receive, Move, Send],
        [Receive, "UPDATE limits.reservations SET status = 'SOLD' WHERE id = ANY($1)", Send],
        [Receive, Move, Send],
    ];

    public static async Task<Limits> MeasureAsync(
        BenchTarget target, BenchArguments arguments, CancellationToken ct)
    {
        var orders = Math.Max(arguments.Orders, FewestOrders);
        var alone = arguments is { Clients: 1, Wait: true };
        return new Limits(
            await DatabaseAsync(target.Sources.Orders, orders,
                connections: alone ? 1 : 4, ordersPerTransaction: alone ? 1 : 16, ct),
            await PublishAsync(target.Nats, orders, inFlight: alone ? 1 : 64, ct));
    }

    private static async Task<double> DatabaseAsync(
        string connectionString, int orders, int connections, int ordersPerTransaction,
        CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 32 });
        await using (var create = database.CreateCommand(Tables))
        {
            await create.ExecuteNonQueryAsync(ct);
        }
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, orders).Select(_ => Guid.CreateVersion7())
                .Chunk(ordersPerTransaction),
            new ParallelOptions { MaxDegreeOfParallelism = connections, CancellationToken = ct },
            (ids, token) => CarryOutAsync(database, ids, token));
        var rate = orders / watch.Elapsed.TotalSeconds;
        await using var drop = database.CreateCommand("DROP SCHEMA limits CASCADE");
        await drop.ExecuteNonQueryAsync(ct);
        return Math.Round(rate, 1);
    }

    private static async ValueTask CarryOutAsync(
        NpgsqlDataSource database, Guid[] ids, CancellationToken ct)
    {
        foreach (var statements in Transactions)
        {
            // A batch is one transaction and one round trip.
            await using var batch = database.CreateBatch();
            foreach (var sql in statements)
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand(sql)
                {
                    Parameters = { new() { Value = ids } },
                });
            }
            await batch.ExecuteNonQueryAsync(ct);
        }
    }

    private static async Task<double> PublishAsync(
        string address, int orders, int inFlight, CancellationToken ct)
    {
        await using var nats = new NatsConnection(NatsOpts.Default with { Url = address });
        var jetStream = new NatsJSContext(nats);
        await jetStream.CreateStreamAsync(new StreamConfig("limits", ["limits.>"]), ct);
        var watch = Stopwatch.StartNew();
        await Parallel.ForAsync(
            0, orders * MessagesPerOrder,
            new ParallelOptions { MaxDegreeOfParallelism = inFlight, CancellationToken = ct },
            async (_, token) => (await jetStream.PublishAsync(
                "limits.message", Payload, cancellationToken: token)).EnsureSuccess());
        var rate = orders / watch.Elapsed.TotalSeconds;
        await jetStream.DeleteStreamAsync("limits", ct);
        return Math.Round(rate, 1);
    }
}

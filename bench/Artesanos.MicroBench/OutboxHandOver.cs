using Artesanos.Messaging;
using Artesanos.Messaging.Contracts;
using Artesanos.Messaging.Outbox;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Npgsql;

namespace Artesanos.MicroBench;

/// <summary>
/// From messages in hand to a committed transaction and a full queue: rows and commit in one round
/// trip to PostgreSQL, then the publisher's lanes, which nobody empties here.
/// </summary>
public class OutboxHandOver
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private InventoryDatabase _inventory = null!;
    private Outbox _outbox = null!;

    [Params(1, 64)]
    public int Messages { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
    {
        _inventory = await InventoryDatabase.StartAsync();
        // Nobody else takes these rows for forgotten ones.
        var options = Options.Create(
            new MessagingOptions { PublishLease = TimeSpan.FromHours(1) });
        var publisher = new OutboxPublisher(
            // It never connects, so nothing is to be closed.
            new NatsJSContext(new NatsConnection()), _inventory.Source,
            new HostingEnvironment(), options, TimeProvider.System, NullLogger<OutboxPublisher>.Instance);
        _outbox = new Outbox(publisher, options);
    }

    [GlobalCleanup]
    public async Task StopAsync() => await _inventory.DisposeAsync();

    [Benchmark]
    public async Task CommitAsync()
    {
        var messages = Enumerable.Range(0, Messages).Select(_ => OutboxMessage.From(
            new InventoryCommitted(Guid.CreateVersion7()), Now)).ToList();
        await using var connection = await _inventory.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var writes = new NpgsqlBatch(connection, transaction);
        await _outbox.CommitAsync(writes, messages, default);
    }
}

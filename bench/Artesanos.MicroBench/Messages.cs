using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Contracts;
using Artesanos.Messaging.Outbox;
using BenchmarkDotNet.Attributes;

namespace Artesanos.MicroBench;

/// <summary>A message of two lines into its outbox row, and out of the one received.</summary>
public class Messages
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly InventoryReserved Reserved = new(
        Guid.CreateVersion7(),
        [
            new PricedLine(Guid.CreateVersion7(), "Cántaro de Úbeda", 1, 2250),
            new PricedLine(Guid.CreateVersion7(), "Cesta de esparto", 2, 1800),
        ],
        5850, "EUR", Now.AddMinutes(15));

    private static readonly OutboxMessage Sent = OutboxMessage.From(Reserved, Now);
    private static readonly string Id = Sent.Id.ToString();

    [Benchmark]
    public object Write() => OutboxMessage.From(Reserved, Now);

    [Benchmark]
    public object? Read() =>
        MessageDecoder.Decode(Id, Sent.Subject, Sent.Payload, traceParent: null, out _);
}

using Artesanos.Messaging.Contracts;
using Artesanos.Orders.Saga;
using BenchmarkDotNet.Attributes;

namespace Artesanos.MicroBench;

/// <summary>The decisions of one order that goes well.</summary>
public class SagaSteps
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly Guid Product = Guid.CreateVersion7();
    private static readonly SagaOptions Options = new();

    private static readonly OrderSaga Placed = new()
    {
        OrderId = Id,
        CustomerId = "ana",
        State = SagaState.Started,
        Lines = [new OrderedLine(Product, 1)],
        PaymentMethodId = "pm_card_visa",
        Deadline = Now,
    };

    private static readonly object[] Events =
    [
        new InventoryReserved(
            Id, [new PricedLine(Product, "Cántaro", 1, 2250)], 2250, "EUR", Now.AddMinutes(15)),
        new PaymentPending(Id, "pi_1"),
        new PaymentSucceeded(Id, "pi_1", 2250, "EUR"),
        new InventoryCommitted(Id),
    ];

    [Benchmark(OperationsPerInvoke = 4)]
    public object Step()
    {
        var saga = Placed;
        foreach (var message in Events)
        {
            saga = SagaTable.Decide(saga, message, Now, Options).Saga;
        }
        return saga;
    }
}

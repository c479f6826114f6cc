using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Artesanos.Messaging.Contracts;

/// <summary>
/// Ties a contract to its subject, whose first token is the stream, and to its key: what it is
/// about, the order or (low stock) the product. Messages of one key keep their sequence.
/// </summary>
public sealed record MessageType(
    string Name, string Subject, JsonTypeInfo Json, Func<object, Guid> Key)
{
    public string Stream { get; } = Subject[..Subject.IndexOf('.', StringComparison.Ordinal)];
}

/// <summary>Every message that crosses a service boundary, by type and by subject.</summary>
public static class MessageTypes
{
    private static readonly Dictionary<Type, MessageType> ByType = new()
    {
        [typeof(OrderCreated)] = Define<OrderCreated>("orders.created", m => m.OrderId),
        [typeof(OrderConfirmed)] = Define<OrderConfirmed>("orders.confirmed", m => m.OrderId),
        [typeof(OrderCancelled)] = Define<OrderCancelled>("orders.cancelled", m => m.OrderId),
        [typeof(OrderFailed)] = Define<OrderFailed>("orders.failed", m => m.OrderId),

        [typeof(ReserveInventory)] = Define<ReserveInventory>("inventory.commands.reserve", m => m.OrderId),
        [typeof(CommitInventory)] = Define<CommitInventory>("inventory.commands.commit", m => m.OrderId),
        [typeof(ReleaseInventory)] = Define<ReleaseInventory>("inventory.commands.release", m => m.OrderId),
        [typeof(InventoryReserved)] = Define<InventoryReserved>("inventory.reserved", m => m.OrderId),
        [typeof(InventoryOutOfStock)] = Define<InventoryOutOfStock>("inventory.out_of_stock", m => m.OrderId),
        [typeof(InventoryCommitted)] = Define<InventoryCommitted>("inventory.committed", m => m.OrderId),
        [typeof(InventoryCommitRejected)] = Define<InventoryCommitRejected>("inventory.commit_rejected", m => m.OrderId),
        [typeof(InventoryReleased)] = Define<InventoryReleased>("inventory.released", m => m.OrderId),
        [typeof(LowStockAlert)] = Define<LowStockAlert>("inventory.low_stock", m => m.ProductId),

        [typeof(ProcessPayment)] = Define<ProcessPayment>("payments.commands.process", m => m.OrderId),
        [typeof(CancelPayment)] = Define<CancelPayment>("payments.commands.cancel", m => m.OrderId),
        [typeof(PaymentPending)] = Define<PaymentPending>("payments.pending", m => m.OrderId),
        [typeof(PaymentSucceeded)] = Define<PaymentSucceeded>("payments.succeeded", m => m.OrderId),
        [typeof(PaymentFailed)] = Define<PaymentFailed>("payments.failed", m => m.OrderId),
        [typeof(PaymentCancelled)] = Define<PaymentCancelled>("payments.cancelled", m => m.OrderId),
        [typeof(PaymentRefunded)] = Define<PaymentRefunded>("payments.refunded", m => m.OrderId),
    };

    private static readonly Dictionary<string, MessageType> BySubject =
        ByType.Values.ToDictionary(type => type.Subject, StringComparer.Ordinal);

    public static IEnumerable<MessageType> All => ByType.Values;

    /// <summary>The type of a message about to be sent; a type that is no contract is a bug.</summary>
    public static MessageType Of(object message) => ByType[message.GetType()];

    public static MessageType? Find(string subject) => BySubject.GetValueOrDefault(subject);

    private static MessageType Define<T>(string subject, Func<T, Guid> key) where T : class =>
        new(typeof(T).Name, subject, ContractsJson.Default.GetTypeInfo(typeof(T))!, m => key((T)m));
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OrderCreated))]
[JsonSerializable(typeof(OrderConfirmed))]
[JsonSerializable(typeof(OrderCancelled))]
[JsonSerializable(typeof(OrderFailed))]
[JsonSerializable(typeof(ReserveInventory))]
[JsonSerializable(typeof(CommitInventory))]
[JsonSerializable(typeof(ReleaseInventory))]
[JsonSerializable(typeof(InventoryReserved))]
[JsonSerializable(typeof(InventoryOutOfStock))]
[JsonSerializable(typeof(InventoryCommitted))]
[JsonSerializable(typeof(InventoryCommitRejected))]
[JsonSerializable(typeof(InventoryReleased))]
[JsonSerializable(typeof(LowStockAlert))]
[JsonSerializable(typeof(ProcessPayment))]
[JsonSerializable(typeof(CancelPayment))]
[JsonSerializable(typeof(PaymentPending))]
[JsonSerializable(typeof(PaymentSucceeded))]
[JsonSerializable(typeof(PaymentFailed))]
[JsonSerializable(typeof(PaymentCancelled))]
[JsonSerializable(typeof(PaymentRefunded))]
[JsonSerializable(typeof(IReadOnlyList<OrderLine>))]
[JsonSerializable(typeof(IReadOnlyList<PricedLine>))]
internal sealed partial class ContractsJson : JsonSerializerContext;

using Artesanos.Inventory.Reservations;
using Artesanos.Messaging.Contracts;
using Artesanos.Orders.Saga;

namespace Artesanos.Tests.Proof.Exploration;

/// <summary>The messages between the services; the first five are commands.</summary>
internal enum Mail
{
    Reserve, Commit, Release, Process, Cancel,
    Reserved, OutOfStock, Committed, CommitRejected, ReleasedCompensated, ReleasedExpired,
    Pending, Succeeded, Failed, Cancelled, Refunded,
}

/// <summary>The order of the exploration, and every message about it in its only form.</summary>
internal static class TheOrder
{
    public const string IntentId = "pi_1";
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);
    public static readonly Guid Id = Guid.Parse("01990000-0000-7000-8000-000000000001");
    public static readonly Guid Product = Guid.Parse("01990000-0000-7000-8000-0000000000aa");
    public static readonly Guid RefundId = Guid.Parse("01990000-0000-7000-8000-0000000000bb");
    public static readonly DateTimeOffset Until = Now + Decisions.HoldTime;
    public static readonly DateTimeOffset PayBy = Until - Decisions.SagaOptions.SafetyMargin;

    public static object Message(Mail mail, string? paymentMethod) => mail switch
    {
        Mail.Reserve => new ReserveInventory(Id, [new OrderLine(Product, 1)]),
        Mail.Commit => new CommitInventory(Id),
        Mail.Release => new ReleaseInventory(Id, Reasons.PaymentTimeout),
        Mail.Process => new ProcessPayment(Id, "ana", 2250, "EUR", paymentMethod, PayBy),
        Mail.Cancel => new CancelPayment(Id, Reasons.PaymentTimeout),
        Mail.Reserved => new InventoryReserved(
            Id, [new PricedLine(Product, "Cántaro", 1, 2250)], 2250, "EUR", Until),
        Mail.OutOfStock => new InventoryOutOfStock(Id, ReservationRules.OutOfStock, []),
        Mail.Committed => new InventoryCommitted(Id),
        Mail.CommitRejected => new InventoryCommitRejected(Id),
        Mail.ReleasedCompensated => new InventoryReleased(Id, InventoryReleased.Compensated),
        Mail.ReleasedExpired => new InventoryReleased(Id, InventoryReleased.Expired),
        Mail.Pending => new PaymentPending(Id, IntentId),
        Mail.Succeeded => new PaymentSucceeded(Id, IntentId, 2250, "EUR"),
        Mail.Failed => new PaymentFailed(Id, "card_declined"),
        Mail.Cancelled => new PaymentCancelled(Id, Reasons.PaymentTimeout),
        Mail.Refunded => new PaymentRefunded(Id, 2250, "EUR"),
        _ => throw new ArgumentOutOfRangeException(nameof(mail), mail, null),
    };

    /// <summary>
    /// Null for what is told to the shopper only. Reasons are words for people: no decision but
    /// the last one, CANCELLED or FAILED, looks at them. All else must be as it stands above.
    /// </summary>
    public static Mail? Of(object message, string? paymentMethod)
    {
        Mail? mail = message switch
        {
            ReserveInventory { Lines: [{ Quantity: 1 }] } => Mail.Reserve,
            CommitInventory => Mail.Commit,
            ReleaseInventory => Mail.Release,
            ProcessPayment process when process.Equals(Message(Mail.Process, paymentMethod)) =>
                Mail.Process,
            CancelPayment => Mail.Cancel,
            InventoryReserved { TotalMinor: 2250, Lines.Count: 1 } reserved
                when reserved.ReservedUntil == Until => Mail.Reserved,
            InventoryOutOfStock => Mail.OutOfStock,
            InventoryCommitted => Mail.Committed,
            InventoryCommitRejected => Mail.CommitRejected,
            InventoryReleased { Reason: InventoryReleased.Expired } => Mail.ReleasedExpired,
            InventoryReleased => Mail.ReleasedCompensated,
            PaymentPending => Mail.Pending,
            PaymentSucceeded { AmountMinor: 2250, Currency: "EUR" } => Mail.Succeeded,
            PaymentFailed => Mail.Failed,
            PaymentCancelled => Mail.Cancelled,
            PaymentRefunded { AmountMinor: 2250, Currency: "EUR" } => Mail.Refunded,
            OrderConfirmed or OrderCancelled or OrderFailed => null,
            _ => throw new InvalidOperationException($"Not a message of this order: {message}"),
        };
        return mail;
    }
}

using System.Text.Json;
using Artesanos.Audit;

namespace Artesanos.Tests.Audit;

/// <summary>
/// Facts of a shop in which everything holds: one order sold, one cancelled, one refused. A test
/// takes one row and breaks it.
/// </summary>
internal static class SmallShop
{
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);
    public static readonly Guid Sold = Guid.Parse("01990000-0000-7000-8000-000000000001");
    public static readonly Guid Cancelled = Guid.Parse("01990000-0000-7000-8000-000000000002");
    public static readonly Guid Refused = Guid.Parse("01990000-0000-7000-8000-000000000003");
    public static readonly Guid Jug = Guid.Parse("01990000-0000-7000-8000-0000000000aa");

    private static readonly DateTimeOffset LongAgo = Now.AddHours(-1);

    public static Facts Facts()
    {
        OrderFact[] orders =
        [
            new(Sold, "COMPLETED", null, 4500, "EUR", false, false, 5, null),
            new(Cancelled, "CANCELLED", null, 2250, "EUR", false, false, 6, null),
            new(Refused, "FAILED", null, null, null, false, false, 2, null),
        ];
        HistoryFact[] history =
        [
            .. History(Sold, "STARTED", "STOCK_RESERVED", "PAYMENT_PENDING", "CONFIRMING",
                "COMPLETED"),
            .. History(Cancelled, "STARTED", "STOCK_RESERVED", "PAYMENT_PENDING",
                "COMPENSATING/payment", "COMPENSATING/stock", "CANCELLED"),
            .. History(Refused, "STARTED", "FAILED"),
        ];
        var reserve = Message(Sold, "inventory.commands.reserve");
        var reserved = Message(Sold, "inventory.reserved");
        var process = Message(Sold, "payments.commands.process");
        var succeeded = Message(Sold, "payments.succeeded");
        var failed = Message(Refused, "orders.failed");
        return new Facts(
            orders.ToDictionary(order => order.Id),
            history.ToLookup(entry => entry.OrderId),
            new Dictionary<Guid, PaymentFact>
            {
                [Sold] = new(Sold, "SUCCEEDED", 4500, "EUR"),
                [Cancelled] = new(Cancelled, "CANCELLED", 2250, "EUR"),
            },
            new Dictionary<Guid, ReservationFact>
            {
                [Sold] = new(Sold, "COMMITTED", Lines(2)),
                [Cancelled] = new(Cancelled, "RELEASED", Lines(1)),
                [Refused] = new(Refused, "REFUSED", Lines()),
            },
            [new ProductFact(Jug, OnHand: 8, Held: 0, Received: 10)],
            new Mailbox(
                [reserve, process, failed, Message(Sold, "orders.confirmed"),
                 Message(Cancelled, "orders.created")],
                [reserved.Id, succeeded.Id], []),
            new Mailbox([succeeded], [process.Id], []),
            new Mailbox([reserved, Message(Jug, "inventory.low_stock")],
                [reserve.Id, failed.Id], []),
            new Dictionary<Guid, LedgerFact>
            {
                [Sold] = new(Sold, 4500, 0, 1, Payable: false),
                [Cancelled] = new(Cancelled, 0, 0, 0, Payable: false),
            })
        {
            ReadAt = Now,
        };
    }

    public static IEnumerable<HistoryFact> History(Guid order, params string[] states) =>
        states.Select((state, i) => new HistoryFact(
            order, i + 1, state.Split('/')[0], state.Split('/').ElementAtOrDefault(1), "MOVED"));

    public static MessageFact Message(Guid key, string subject, bool published = true) =>
        new(Guid.CreateVersion7(), key, subject, published, LongAgo);

    public static JsonElement Lines(params int[] quantities) => JsonSerializer.SerializeToElement(
        quantities.Select(quantity => new { productId = Jug, quantity }));

    public static Facts With(this Facts facts, OrderFact order)
    {
        facts.Orders[order.Id] = order;
        return facts;
    }

    public static Facts With(this Facts facts, PaymentFact payment)
    {
        facts.Payments[payment.OrderId] = payment;
        return facts;
    }

    public static Facts With(this Facts facts, ReservationFact reservation)
    {
        facts.Reservations[reservation.OrderId] = reservation;
        return facts;
    }

    public static Facts With(this Facts facts, LedgerFact charge)
    {
        facts.Ledger![charge.OrderId] = charge;
        return facts;
    }

    public static Facts With(this Facts facts, ProductFact product) =>
        facts with { Products = [product] };

    public static Facts Sending(this Facts facts, MessageFact message) => facts with
    {
        OrdersMail = facts.OrdersMail with { Sent = [.. facts.OrdersMail.Sent, message] },
    };

    public static Facts Rewriting(this Facts facts, Guid order, params HistoryFact[] history) =>
        facts with
        {
            History = facts.History.Where(entries => entries.Key != order)
                .SelectMany(entries => entries).Concat(history)
                .ToLookup(entry => entry.OrderId),
        };
}

using Artesanos.Inventory.Reservations;
using Artesanos.Messaging.Contracts;
using Artesanos.Orders.Saga;

namespace Artesanos.Tests.Proof.Simulation;

/// <summary>
/// Many orders for few pieces in a system in which everything that can fail does. The seed decides
/// all of it: one seed and one commit are one run.
/// </summary>
internal sealed class Simulation
{
    public const int OrdersPerRun = 60;
    private static readonly TimeSpan FaultTime = TimeSpan.FromMinutes(50);
    private static readonly TimeSpan Patience = TimeSpan.FromDays(2);

    private readonly Dice _dice;
    private readonly Faults _faults;
    private readonly Guid[] _products;

    public Simulation(ulong seed, Decisions decisions, Guid? journalOf = null)
    {
        _dice = new Dice(seed);
        _faults = new Faults(_dice, Agenda, FaultTime);
        var broker = new Broker(Agenda, _faults, _dice) { Subscriber = SubscriberOf };
        Stripe = new StripeStandIn(Agenda, _faults, _dice)
        {
            Receiver = webhook => Payments!.Receive(webhook),
        };
        Orders = new OrdersService(Agenda, _faults, _dice, broker, decisions);
        Inventory = new InventoryService(Agenda, _faults, _dice, broker, decisions);
        Payments = new PaymentsService(Agenda, _faults, _dice, broker, decisions)
        {
            Stripe = Stripe,
        };
        if (journalOf is { } order)
        {
            Journal = new Journal(Agenda, order);
            Orders.Journal = Inventory.Journal = Payments.Journal = Journal;
        }
        _products = [.. Enumerable.Range(0, 3).Select(_ => _dice.Id())];
        Stock();
        broker.Weather();
        Orders.Weather();
        Inventory.Weather();
        Payments.Weather();
        for (var i = 0; i < OrdersPerRun; i++)
        {
            Shop();
        }
    }

    public Agenda Agenda { get; } = new();
    public OrdersService Orders { get; }
    public InventoryService Inventory { get; }
    public PaymentsService Payments { get; }
    public StripeStandIn Stripe { get; }
    public Journal? Journal { get; }

    /// <returns>False when something was still going on after two days.</returns>
    public bool Run() => Agenda.RunUntil(Agenda.Start + Patience);

    private Service? SubscriberOf(object message) => message switch
    {
        ReserveInventory or CommitInventory or ReleaseInventory
            or OrderCancelled or OrderFailed => Inventory,
        ProcessPayment or CancelPayment => Payments,
        OrderCreated or OrderConfirmed => null,
        _ => Orders,
    };

    private void Stock()
    {
        var plenty = _dice.Chance(0.6) ? 150 : 12;
        foreach (var id in _products)
        {
            var pieces = _dice.Between(1, plenty);
            Inventory.Products.Add(id, new ProductStock(
                id, "Cántaro", _dice.Between(100, 9000), "EUR", pieces, Held: 0, "ines",
                LowStockThreshold: 0, IsLow: false));
            Inventory.Received.Add(id, pieces);
            for (var i = _dice.Between(0, 4); i > 0; i--)
            {
                var more = _dice.Between(1, 4);
                Agenda.After(Moment(50), () => Inventory.Restock(id, more));
            }
        }
    }

    /// <summary>One shopper with one order, and what may cross it later.</summary>
    private void Shop()
    {
        var lines = Enumerable.Range(0, _dice.Between(1, 4)).Select(_ =>
            new OrderedLine(
                _dice.Chance(0.01) ? _dice.Id() : _dice.OneOf(_products), _dice.Between(1, 4)));
        var order = new OrderSaga
        {
            OrderId = _dice.Id(),
            CustomerId = "ana",
            State = SagaState.Started,
            Lines = [.. lines],
            ExpectedTotalMinor = _dice.Chance(0.03) ? 1 : null,
            PaymentMethodId = _dice.Chance(0.5) ? "pm_card_visa" : null,
        };
        var placed = Moment(20);
        Agenda.After(placed, Place);
        if (_dice.Chance(0.15))
        {
            Agenda.After(placed + Soon(), () => Orders.Cancel(order.OrderId));
        }
        for (var i = _dice.Between(0, 4); i > 0; i--)
        {
            Agenda.After(placed + Soon(), () => Stripe.ShopperConfirms(IntentOf(order)));
        }
        if (_dice.Chance(0.03))
        {
            Agenda.After(placed + Soon(), () => Stripe.CancelOutside(IntentOf(order)));
        }

        void Place()
        {
            if (!Orders.Place(order))
            {
                Agenda.After(TimeSpan.FromSeconds(1), Place);
            }
        }
    }

    /// <summary>Whoever has the client secret has it from Payments.</summary>
    private string? IntentOf(OrderSaga order) =>
        Payments.Rows.GetValueOrDefault(order.OrderId)?.IntentId;

    /// <summary>At once, after a minute, or about when the payment window closes.</summary>
    private TimeSpan Soon() => _dice.Between(0, 3) switch
    {
        0 => _dice.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(500)),
        1 => _dice.Between(TimeSpan.Zero, TimeSpan.FromMinutes(3)),
        _ => _dice.Between(TimeSpan.FromMinutes(14.5), TimeSpan.FromMinutes(16.5)),
    };

    private TimeSpan Moment(int minutes) =>
        _dice.Between(TimeSpan.Zero, TimeSpan.FromMinutes(minutes));
}

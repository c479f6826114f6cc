using Artesanos.Inventory.Reservations;
using Artesanos.Orders.Saga;
using Artesanos.Payments.Charging;

namespace Artesanos.Tests.Proof.Exploration;

/// <summary>
/// One order among any others: what can happen next in a world. Channels are unordered, and
/// everything that was delivered may come again. Answers of Stripe and webhooks may be late,
/// repeated or lost. The last net of Inventory (orders.failed releases) is left out: the table
/// has to do without it.
/// </summary>
/// <param name="paymentMethod">Null: the shopper's browser confirms.</param>
/// <param name="losesMail">A message may become a dead letter that nobody replays.</param>
internal sealed class Universe(Decisions decisions, string? paymentMethod, bool losesMail = false)
{
    private readonly Automaton<OrderSaga> _orders = OrdersAutomaton.Of(decisions, paymentMethod);
    private readonly Automaton<Reservation> _inventory = InventoryAutomaton.Of(decisions);
    private readonly Automaton<Payment> _payments =
        PaymentsAutomaton.Of(decisions, paymentMethod);
    private readonly List<Edge> _edges = [];

    public World First { get; } = new World(0, 0, 0, 0).Send(1u << (int)Mail.Reserve);

    /// <summary>Without this, an order must come to rest without any repetition.</summary>
    public bool NeedsRepetitions => losesMail;

    public OrderSaga Saga(World world) => _orders.Row(world.Saga)!;

    public Reservation? Reservation(World world) => _inventory.Row(world.Reservation);

    public Payment? Payment(World world) => _payments.Row(world.Payment);

    public string Describe(World world) =>
        $"saga {_orders.Name(world.Saga)}; reservation {_inventory.Name(world.Reservation)}; "
        + $"payment {_payments.Name(world.Payment)}; Stripe {world.Stripe}; in flight ["
        + string.Join(
            ", ", Enum.GetValues<Mail>().Where(mail => Has(world.MustArrive, (int)mail)))
        + "]";

    /// <summary>
    /// Every step that changes something. The list is used again by the next call.
    /// </summary>
    public List<Edge> Steps(World world)
    {
        _edges.Clear();
        for (var mail = Mail.Reserve; mail <= Mail.Refunded; mail++)
        {
            if (Has(world.MustArrive | (uint)world.MayArrive, (int)mail))
            {
                Deliver(world, mail);
            }
            if (losesMail && Has(world.MustArrive, (int)mail))
            {
                var without = (ushort)(world.MustArrive & ~(1 << (int)mail));
                Add(world, world with { MustArrive = without }, Cause.Luck, Names.Loss(mail));
            }
        }
        HearStripe(world);
        if (Payment(world)?.DueCall is { } call)
        {
            foreach (var (after, what) in StripeModel.Call(world, call))
            {
                // Lost messages and refunds that fail are explored apart, to keep it small.
                if (!losesMail || !after.RefundIsDelayed)
                {
                    Add(world, after, Cause.Work, what);
                }
            }
        }
        foreach (var (after, what) in StripeModel.ByItself(world))
        {
            Add(world, after, Cause.Work, what);
        }
        foreach (var (after, what) in StripeModel.Shopper(world))
        {
            Add(world, after, Cause.Luck, what);
        }
        Deadlines(world);
        return _edges;
    }

    private void Deliver(World world, Mail mail)
    {
        var cause = Has(world.MustArrive, (int)mail) ? Cause.Delivery : Cause.Luck;
        var after = world.Delivered(mail);
        var what = Names.Delivery(mail, cause == Cause.Luck);
        switch (mail)
        {
            case Mail.Reserve or Mail.Commit:
                var (got, vain) = mail == Mail.Reserve
                    ? (InventoryAutomaton.Reserve, InventoryAutomaton.ReserveInVain)
                    : (InventoryAutomaton.Commit, InventoryAutomaton.CommitInVain);
                var same = _inventory.Next(world.Reservation, got)
                    == _inventory.Next(world.Reservation, vain);
                Inventory(world, after, got, cause, same ? Needs.Nothing : Needs.FreePiece, what);
                if (!same)
                {
                    Inventory(world, after, vain, cause, Needs.NoFreePiece, what);
                }
                break;
            case Mail.Release:
                Inventory(
                    world, after, InventoryAutomaton.Release, cause, Needs.Nothing, what);
                break;
            case Mail.Process or Mail.Cancel:
                var input = mail == Mail.Process
                    ? PaymentsAutomaton.Process : PaymentsAutomaton.Cancel;
                Payments(world, after, input, cause, what);
                break;
            default:
                Orders(world, after, (int)mail, cause, what);
                break;
        }
    }

    private void HearStripe(World world)
    {
        for (var facts = world.Facts; facts != 0; facts &= facts - 1)
        {
            var fact = System.Numerics.BitOperations.TrailingZeroCount(facts);
            var isWebhook = PaymentsAutomaton.IsWebhook((Fact)fact);
            Payments(world, world, fact, isWebhook ? Cause.Luck : Cause.Work, Names.Hears(fact));
        }
        for (var input = PaymentsAutomaton.Unanswered;
            input <= PaymentsAutomaton.UnansweredForGood; input++)
        {
            Payments(world, world, input, Cause.Luck, "Stripe does not answer");
        }
    }

    private void Deadlines(World world)
    {
        var saga = Saga(world);
        if (saga.Deadline is not null)
        {
            var canGiveUp = saga.State is SagaState.Started or SagaState.StockReserved
                or SagaState.PaymentPending;
            Orders(world, world, OrdersAutomaton.Deadline,
                canGiveUp ? Cause.Clock : Cause.Resend, "the saga's deadline passes");
        }
        Orders(world, world, OrdersAutomaton.CancelAsked, Cause.Luck,
            "the shopper asks to cancel");
        Inventory(
            world, world, InventoryAutomaton.Expire, Cause.Clock, Needs.Nothing,
            "the hold expires");
    }

    private void Orders(World before, World after, int input, Cause cause, string what)
    {
        var move = _orders.Next(before.Saga, input);
        if (move.Applies)
        {
            Add(before, after.WithSaga(move.Next).Send(move.Sends), cause, what,
                error: move.Error);
        }
    }

    private void Inventory(
        World before, World after, int input, Cause cause, Needs needs, string what)
    {
        var move = _inventory.Next(before.Reservation, input);
        if (move.Applies)
        {
            Add(before, after.WithReservation(move.Next).Send(move.Sends), cause, what, needs,
                move.Error);
        }
    }

    private void Payments(World before, World after, int input, Cause cause, string what)
    {
        var move = _payments.Next(before.Payment, input);
        if (move.Applies)
        {
            var told = move.RenewsRefund ? after.WithoutRefundFacts() : after;
            Add(before, told.WithPayment(move.Next).Send(move.Sends), cause, what,
                error: move.Error);
        }
    }

    private void Add(
        World before, World after, Cause cause, string what, Needs needs = Needs.Nothing,
        string? error = null)
    {
        var to = Forget(after);
        if (to != before || error is not null)
        {
            _edges.Add(new Edge(to, cause, needs, what, error));
        }
    }

    /// <summary>Forgets what, delivered once more, would never do anything again.</summary>
    private World Forget(World world)
    {
        var payments = _payments.Live(world.Payment);
        var inventory = _inventory.Live(world.Reservation);
        var mail = _orders.Live(world.Saga) & 0xFFE0u
            | (Has(inventory, InventoryAutomaton.Reserve)
                || Has(inventory, InventoryAutomaton.ReserveInVain) ? 1u : 0)
            | (Has(inventory, InventoryAutomaton.Commit)
                || Has(inventory, InventoryAutomaton.CommitInVain) ? 2u : 0)
            | (Has(inventory, InventoryAutomaton.Release) ? 4u : 0)
            | (Has(payments, PaymentsAutomaton.Process) ? 8u : 0)
            | (Has(payments, PaymentsAutomaton.Cancel) ? 16u : 0);
        return world with
        {
            MayArrive = (ushort)(world.MayArrive & mail),
            Facts = world.Facts & payments,
        };
    }

    private static bool Has(uint bits, int bit) => (bits >> bit & 1) != 0;
}

/// <summary>Sentences of a trace, made once.</summary>
internal static class Names
{
    private static readonly string[] First =
        [.. Enum.GetValues<Mail>().Select(mail => $"{mail} arrives")];

    private static readonly string[] Again =
        [.. Enum.GetValues<Mail>().Select(mail => $"{mail} arrives again")];

    private static readonly string[] Lost =
        [.. Enum.GetValues<Mail>().Select(mail => $"{mail} becomes a dead letter")];

    private static readonly string[] Heard = [.. Enum.GetValues<Fact>().Select(
        fact => PaymentsAutomaton.IsWebhook(fact)
            ? $"webhook {fact} takes effect" : $"answer {fact} is recorded")];

    public static string Delivery(Mail mail, bool again) => (again ? Again : First)[(int)mail];

    public static string Loss(Mail mail) => Lost[(int)mail];

    public static string Hears(int fact) => Heard[fact];
}

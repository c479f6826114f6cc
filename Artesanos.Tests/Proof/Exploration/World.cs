namespace Artesanos.Tests.Proof.Exploration;

/// <summary>What Stripe knows of the order's one intent.</summary>
internal enum StripeState
{
    NoIntent, Refuses, Open, NeedsAction, Processing, Succeeded, Canceled, RefundPending, Refunded,
}

/// <summary>
/// Everything about one order at one moment. The rows are numbers of states of their automata.
/// </summary>
/// <param name="Rows">Saga, reservation, payment and Stripe: a byte each.</param>
/// <param name="Facts">
/// What Stripe said and Payments may hear, once, again, or never: one bit per <see cref="Fact"/>.
/// </param>
/// <param name="MustArrive">Sent and not delivered yet: one bit per <see cref="Mail"/>.</param>
/// <param name="MayArrive">Delivered, and delivered again whenever it does most harm.</param>
internal readonly record struct World(uint Rows, uint Facts, ushort MustArrive, ushort MayArrive)
{
    public int Saga => (int)(Rows & 0xFF);
    public int Reservation => (int)(Rows >> 8 & 0xFF);
    public int Payment => (int)(Rows >> 16 & 0xFF);
    public StripeState Stripe => (StripeState)(Rows >> 24);

    public World WithSaga(int state) => this with { Rows = Rows & ~0xFFu | (uint)state };

    public World WithReservation(int state) =>
        this with { Rows = Rows & ~0xFF00u | (uint)state << 8 };

    public World WithPayment(int state) =>
        this with { Rows = Rows & ~0xFF0000u | (uint)state << 16 };

    public World WithStripe(StripeState state) =>
        this with { Rows = Rows & 0xFFFFFFu | (uint)state << 24 };

    public World Send(uint mail) => this with
    {
        MustArrive = (ushort)(MustArrive | mail),
        MayArrive = (ushort)(MayArrive & ~mail),
    };

    public World Tell(Fact fact) => this with { Facts = Facts | 1u << (int)fact };

    /// <summary>
    /// A refund took the place of a dead one. What is still to be heard of the dead one bears its
    /// id, and Payments ignores it.
    /// </summary>
    public World WithoutRefundFacts() => this with { Facts = Facts & ~RefundFacts };

    public bool RefundIsDelayed =>
        (Facts & (1u << (int)Fact.RefundPending | 1u << (int)Fact.RefundFailed)) != 0;

    private const uint RefundFacts = 1u << (int)Fact.RefundDone | 1u << (int)Fact.RefundPending
        | 1u << (int)Fact.RefundFailed | 1u << (int)Fact.HookRefunded
        | 1u << (int)Fact.HookRefundFailed;

    public World Delivered(Mail mail) => this with
    {
        MustArrive = (ushort)(MustArrive & ~(1 << (int)mail)),
        MayArrive = (ushort)(MayArrive | 1 << (int)mail),
    };
}

/// <summary>Why a step happens, which is what liveness asks.</summary>
internal enum Cause : byte
{
    /// <summary>A message that must arrive arrives.</summary>
    Delivery,

    /// <summary>Payments calls Stripe or hears its answer; Stripe ends what it processes.</summary>
    Work,

    /// <summary>A deadline that gives up, a hold that expires.</summary>
    Clock,

    /// <summary>A deadline that only sends the pending command again.</summary>
    Resend,

    /// <summary>Redelivery, webhook, shopper, a lost answer: may happen, or never.</summary>
    Luck,
}

/// <summary>What a step needs of the stock that other orders leave.</summary>
internal enum Needs : byte
{
    Nothing, FreePiece, NoFreePiece,
}

/// <summary>One possible next step.</summary>
/// <param name="Error">Set when a message met a cell that must never be reached.</param>
internal readonly record struct Edge(
    World To, Cause Cause, Needs Needs, string Label, string? Error = null);

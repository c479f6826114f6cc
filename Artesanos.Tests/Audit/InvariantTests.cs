using Artesanos.Audit;
using Xunit;

namespace Artesanos.Tests.Audit;

/// <summary>Each invariant is broken on purpose, in each way it can be, and found.</summary>
public sealed class InvariantTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    [Fact]
    public void A_shop_in_which_everything_holds_has_no_violation() =>
        Assert.Empty(SystemAudit.Check(SmallShop.Facts()).Violations);

    /// <summary>Which invariant each broken row breaks, and a word of what is said of it.</summary>
    public static TheoryData<string, int, string> BrokenRows() => new()
    {
        { "a piece is gone", 1, "on hand" },
        { "more held than on hand", 1, "held of" },
        { "held without a reservation", 1, "live reservations" },
        { "held less than reserved", 1, "live reservations" },
        { "completed unpaid", 2, "payment row" },
        { "completed for another amount", 2, "payment row" },
        { "completed but not charged", 2, "Stripe charged 0" },
        { "charged after the end", 2, "no refund is owed" },
        { "charged more than the total", 2, "net charge" },
        { "charged for nobody", 2, "net charge" },
        { "refunded more than charged", 2, "net charge" },
        { "a message not published", 3, "is not published" },
        { "a message not received", 3, "no inbox" },
        { "charged twice", 4, "charged 2 times" },
        { "ended twice", 4, "told its end 2 times" },
        { "ended but held", 5, "still held" },
        { "ended but payable here", 5, "payment is OPEN" },
        { "ended but payable at Stripe", 5, "can still be paid" },
        { "neither ended nor stuck", 6, "neither ended nor flagged" },
        { "a refund forgotten", 6, "refund is neither done" },
        { "a row of history missing", 7, "rows of history" },
        { "a history that ends elsewhere", 7, "history ends in" },
        { "a history that jumps", 7, "jumps" },
        { "a repetition that moved", 7, "jumps" },
        { "sold without an order", 8, "order is unknown" },
        { "sold and cancelled", 8, "order is CANCELLED" },
        { "completed but not sold", 8, "reservation is RELEASED" },
    };

    [Theory]
    [MemberData(nameof(BrokenRows))]
    public void A_broken_row_is_found(string broken, int invariant, string said)
    {
        var report = SystemAudit.Check(Break(broken, SmallShop.Facts()));

        Assert.Contains(report.Violations, violation =>
            violation.Invariant == invariant
            && violation.Detail.Contains(said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 0, "OPEN", true)]
    [InlineData(1, 2250, "OPEN", false)]
    [InlineData(1, 2250, "QUARANTINED", true)]
    [InlineData(-1, 0, "OPEN", false)]
    public void A_quiet_shop_may_wait_for_a_person_but_not_for_itself(
        int minutesLeft, long chargedMinor, string payment, bool holds)
    {
        var id = SmallShop.Cancelled;
        var facts = SmallShop.Facts()
            .With(SmallShop.Facts().Orders[id] with
            {
                Status = "PAYMENT_PENDING",
                Deadline = SmallShop.Now.AddMinutes(minutesLeft),
            })
            .With(new PaymentFact(id, payment, 2250, "EUR"))
            .With(new LedgerFact(id, chargedMinor, 0, chargedMinor > 0 ? 1 : 0, Payable: true));

        Assert.Equal(holds, !SystemAudit.Check(facts).Violations.Any(v => v.Invariant == 6));
    }

    [Fact]
    public void A_dead_letter_is_not_a_loss()
    {
        var message = SmallShop.Message(SmallShop.Sold, "inventory.commands.commit");
        var facts = SmallShop.Facts().Sending(message);
        facts.InventoryMail.DeadLetters.Add(message.Id);

        Assert.Empty(SystemAudit.Check(facts).Violations);
    }

    [Fact]
    public void A_refund_that_is_owed_or_pending_is_not_a_violation_of_money()
    {
        var owed = SmallShop.Facts()
            .With(SmallShop.Facts().Orders[SmallShop.Cancelled] with
            {
                RefundOwed = true,
                Deadline = SmallShop.Now,
            })
            .With(new PaymentFact(SmallShop.Cancelled, "REFUNDING", 2250, "EUR"))
            .With(new LedgerFact(SmallShop.Cancelled, 2250, 0, 1, Payable: false));

        Assert.Empty(SystemAudit.Check(owed with { Bound = Bound }).Violations);
    }

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-180, true)]
    public void A_deadline_is_missed_only_after_its_bound(int seconds, bool missed)
    {
        var deadline = SmallShop.Now.AddSeconds(seconds);
        var facts = Waiting(deadline) with { Bound = Bound };

        Assert.Equal(missed, SystemAudit.Check(facts).Violations.Count > 0);
    }

    [Fact]
    public void A_saga_that_is_flagged_as_stuck_is_not_silent()
    {
        var facts = Waiting(SmallShop.Now.AddHours(-2));
        facts.With(facts.Orders[SmallShop.Refused] with { Stuck = true });

        Assert.Empty(SystemAudit.Check(facts).Violations);
    }

    [Fact]
    public void A_young_message_is_on_its_way_and_an_old_one_is_lost()
    {
        var message = SmallShop.Message(SmallShop.Sold, "inventory.commands.commit");
        var young = SmallShop.Facts().Sending(message with { MovedAt = SmallShop.Now });
        var old = SmallShop.Facts().Sending(message);

        Assert.Empty(SystemAudit.Check(young with { Bound = Bound }).Violations);
        Assert.Equal(3, Assert.Single(
            SystemAudit.Check(old with { Bound = Bound }).Violations).Invariant);
    }

    [Fact]
    public void Between_databases_only_what_stands_in_both_readings_is_a_violation()
    {
        var whole = SystemAudit.Check(SmallShop.Facts());
        var across = SystemAudit.Check(Break("completed but not sold", SmallShop.Facts()));
        var within = SystemAudit.Check(Break("a row of history missing", SmallShop.Facts()));

        Assert.Empty(SystemAudit.Standing(across, whole).Violations);
        Assert.Empty(SystemAudit.Standing(whole, Only(across, 8)).Violations);
        Assert.NotEmpty(SystemAudit.Standing(across, across).Violations);
        // Of one snapshot of one database: nothing on its way explains it.
        Assert.NotEmpty(SystemAudit.Standing(whole, within).Violations);
    }

    private static AuditReport Only(AuditReport report, int invariant) => report with
    {
        Violations = [.. report.Violations.Where(one => one.Invariant == invariant)],
    };

    /// <summary>An order that has just started and waits until a deadline.</summary>
    private static Facts Waiting(DateTimeOffset deadline)
    {
        var order = new OrderFact(
            SmallShop.Refused, "STARTED", null, null, null, false, false, 1, deadline);
        return SmallShop.Facts().With(order)
            .Rewriting(SmallShop.Refused, [.. SmallShop.History(SmallShop.Refused, "STARTED")]);
    }

    private static Facts Break(string row, Facts facts)
    {
        var (sold, cancelled) = (SmallShop.Sold, SmallShop.Cancelled);
        var jug = facts.Products[0];
        return row switch
        {
            "a piece is gone" => facts.With(jug with { OnHand = 7 }),
            "more held than on hand" => facts.With(jug with { Held = 9 }),
            "held without a reservation" => facts.With(jug with { Held = 1 }),
            "held less than reserved" => facts.With(
                facts.Reservations[cancelled] with { State = "HELD" }),
            "completed unpaid" => facts.With(facts.Payments[sold] with { Status = "OPEN" }),
            "completed for another amount" => facts.With(
                facts.Payments[sold] with { AmountMinor = 4400 }),
            "completed but not charged" => facts.With(
                facts.Ledger![sold] with { ChargedMinor = 0, Charges = 0 }),
            "charged after the end" => facts.With(
                facts.Ledger![cancelled] with { ChargedMinor = 2250, Charges = 1 }),
            "charged more than the total" => facts.With(
                facts.Ledger![sold] with { ChargedMinor = 4600 }),
            "charged for nobody" => facts.With(
                new LedgerFact(Guid.CreateVersion7(), 100, 0, 1, Payable: false)),
            "refunded more than charged" => facts.With(
                facts.Ledger![cancelled] with { RefundedMinor = 1 }),
            "a message not published" => facts.Sending(
                SmallShop.Message(sold, "orders.created", published: false)),
            "a message not received" => facts.Sending(
                SmallShop.Message(sold, "payments.commands.cancel")),
            "charged twice" => facts.With(facts.Ledger![sold] with { Charges = 2 }),
            "ended twice" => facts.Sending(SmallShop.Message(sold, "orders.confirmed")),
            _ => BreakSaga(row, facts),
        };
    }

    private static Facts BreakSaga(string row, Facts facts)
    {
        var (sold, cancelled, refused) =
            (SmallShop.Sold, SmallShop.Cancelled, SmallShop.Refused);
        return row switch
        {
            "ended but held" => facts.With(
                facts.Reservations[cancelled] with { State = "HELD" }),
            "ended but payable here" => facts.With(
                facts.Payments[cancelled] with { Status = "OPEN" }),
            "ended but payable at Stripe" => facts.With(
                facts.Ledger![cancelled] with { Payable = true }),
            "neither ended nor stuck" => Waiting(SmallShop.Now.AddHours(-2)),
            "a refund forgotten" => facts.With(
                facts.Orders[cancelled] with { RefundOwed = true }),
            "a row of history missing" => facts.Rewriting(
                sold, [.. facts.History[sold].SkipLast(1)]),
            "a history that ends elsewhere" => facts.Rewriting(refused,
                [.. SmallShop.History(refused, "STARTED", "STOCK_RESERVED")]),
            "a history that jumps" => facts.Rewriting(sold, [.. SmallShop.History(sold,
                "STARTED", "PAYMENT_PENDING", "STOCK_RESERVED", "CONFIRMING", "COMPLETED")]),
            "a repetition that moved" => facts.Rewriting(refused,
                [.. SmallShop.History(refused, "STARTED"),
                 new HistoryFact(refused, 2, "FAILED", null, "IGNORED")]),
            "sold without an order" => facts.With(
                new ReservationFact(Guid.CreateVersion7(), "COMMITTED", SmallShop.Lines(1))),
            "sold and cancelled" => facts.With(
                facts.Reservations[cancelled] with { State = "COMMITTED" }),
            "completed but not sold" => facts.With(
                facts.Reservations[sold] with { State = "RELEASED" }),
            _ => throw new ArgumentException(row, nameof(row)),
        };
    }
}

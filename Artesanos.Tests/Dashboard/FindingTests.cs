using Artesanos.Dashboard.Engine;
using Artesanos.Dashboard.Orders;
using Xunit;

namespace Artesanos.Tests.Dashboard;

/// <summary>Why an order is where it is, for each way in which it can stay there.</summary>
public sealed class FindingTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Id = Guid.CreateVersion7();

    [Fact]
    public void A_message_that_nats_does_not_take_is_named_with_its_service()
    {
        var story = Story("STARTED") with
        {
            Messages = [Message("inventory.commands.reserve") with { PublishedAt = null }],
        };

        Assert.Contains(Texts(story), text => text.Contains(
            "inventory.commands.reserve waits in the outbox of orders", StringComparison.Ordinal));
    }

    [Fact]
    public void A_dead_letter_is_named_with_its_error()
    {
        var letter = new DeadLetterRow(
            Id, "payments", "payments.commands.process", "{}", "It has no currency.", 12, Now,
            "OPEN");
        var story = Story("STOCK_RESERVED") with
        {
            Messages = [Message("payments.commands.process") with { DeadLetter = letter }],
        };

        Assert.Contains(Texts(story), text => text.Contains(
            "is a dead letter at payments: It has no currency.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_saga_that_is_stuck_says_how_to_go_on()
    {
        var story = Story("CONFIRMING");
        story = story with { Order = story.Order with { StuckSince = Now, Resends = 6 } };

        var first = Finding.Of(story, [], Now)[0];

        Assert.Equal(FindingKind.Bad, first.Kind);
        Assert.Contains(
            $"/orders/operations/stuck/{Id}/retry", first.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Stripe_that_does_not_answer_is_told_from_a_shopper_who_does_not_pay()
    {
        var unanswered = Story("STOCK_RESERVED") with
        {
            Payment = Payment("CREATING") with { Tries = 3, NextTryAt = Now.AddSeconds(4) },
        };
        var unpaid = Story("PAYMENT_PENDING") with { Payment = Payment("OPEN") };

        Assert.Contains(Texts(unanswered), text => text.StartsWith(
            "Stripe gave no usable answer 3 times", StringComparison.Ordinal));
        Assert.Contains(Texts(unpaid), text => text.StartsWith(
            "The shopper has not paid", StringComparison.Ordinal));
    }

    [Fact]
    public void A_service_that_is_unhealthy_is_named_only_while_the_order_needs_it()
    {
        ResourceView[] resources =
        [
            new()
            {
                Id = "payments-2",
                Resource = "payments",
                Type = "Project",
                State = "Running",
                Health = "Unhealthy",
                Reason = "/health answered 503",
            },
        ];

        Assert.Contains(Texts(Story("STOCK_RESERVED"), resources),
            text => text == "payments-2 is not healthy: /health answered 503.");
        Assert.DoesNotContain(Texts(Story("STARTED"), resources),
            text => text.Contains("payments-2", StringComparison.Ordinal));
        Assert.DoesNotContain(Texts(Story("COMPLETED"), resources),
            text => text.Contains("payments-2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_refund_that_is_owed_after_the_end_is_still_waited_for()
    {
        var story = Story("CANCELLED");
        story = story with { Order = story.Order with { RefundOwed = true } };

        Assert.Equal(FindingKind.Waiting, Finding.Of(story, [], Now)[0].Kind);
        Assert.Contains("refund is owed", Texts(story)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_is_away_is_named()
    {
        var story = Story("STARTED") with
        {
            Unread = new Dictionary<string, string> { ["inventory"] = "connection refused" },
        };

        Assert.Contains(
            "The database of inventory does not answer: connection refused", Texts(story));
    }

    private static List<string> Texts(OrderStory story, params ResourceView[] resources) =>
        [.. Finding.Of(story, resources, Now).Select(finding => finding.Text)];

    private static OrderStory Story(string state) => new()
    {
        Order = new OrderRow(
            Id, "shopper", state, null, null, "[]", null, 1000, "EUR", null, Now.AddSeconds(30), 0,
            false, null, null, Now.AddMinutes(-1)),
        History = [new HistoryRow(1, state, "MOVED", "OrderPlaced", null, null, Now)],
        Messages = [],
        Unread = new Dictionary<string, string>(),
    };

    private static MessageRow Message(string subject) => new(
        Guid.CreateVersion7(), "orders", subject, "{}", Now.AddSeconds(-10), Now.AddSeconds(-10));

    private static PaymentRow Payment(string status) => new(
        status, 1000, "EUR", "pi", 1, 0, null, false, null, null, null, null, Now, Now);
}

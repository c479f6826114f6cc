using Artesanos.Messaging.Contracts;
using Artesanos.Payments.Charging;
using Xunit;
using static Artesanos.Payments.Charging.PaymentFact;
using static Artesanos.Tests.Payments.PaymentSamples;

namespace Artesanos.Tests.Payments;

/// <summary>The rules that the saga relies on, one by one.</summary>
public sealed class PaymentRuleTests
{
    [Fact]
    public void A_cancel_before_its_process_leaves_a_tombstone_and_is_answered()
    {
        var tombstone = DecideCommand.Cancel(null, Cancel(), null, Rules, Now);

        Assert.Equal(PaymentStatus.Cancelled, tombstone.Payment.Status);
        Assert.Null(tombstone.Payment.DueCall);
        Assert.Equal([new PaymentCancelled(Order, "customer")], tombstone.Messages);

        var late = DecideCommand.Process(tombstone.Payment, Process(), null, Rules, Now);
        Assert.Equal(tombstone.Payment, late.Payment);
        Assert.Equal([new PaymentCancelled(Order, "customer")], late.Messages);
    }

    [Fact]
    public void A_new_payment_is_stored_before_Stripe_is_called()
    {
        var first = DecideCommand.Process(null, Process(), "trace", Rules, Now);

        Assert.Equal(PaymentStatus.Creating, first.Payment.Status);
        Assert.Equal(StripeCall.CreateIntent, first.Payment.DueCall);
        Assert.Equal("trace", first.Payment.TraceParent);
        Assert.True(first.CallNow);
        Assert.Empty(first.Messages);
    }

    [Fact]
    public void A_cancel_during_the_create_lets_it_finish_under_its_key_and_then_cancels()
    {
        var creating = Row(PaymentStatus.Creating);
        var wanted = DecideCommand.Cancel(creating, Cancel(), null, Rules, Now);

        Assert.Equal(StripeCall.CreateIntent, wanted.Payment.DueCall);
        Assert.Equal(creating.Attempt, wanted.Payment.Attempt);
        Assert.Empty(wanted.Messages);

        var open = Decide(wanted.Payment, Seen("requires_payment_method", StripeCall.CreateIntent));
        Assert.Equal(StripeCall.CancelIntent, open.Payment.DueCall);
        Assert.True(open.CallNow);
        Assert.Empty(open.Messages);

        var cancelled = Decide(open.Payment, Seen("canceled", StripeCall.CancelIntent));
        Assert.Equal([new PaymentCancelled(Order, "customer")], cancelled.Messages);
    }

    [Fact]
    public void Pending_is_published_when_the_intent_is_stored_and_the_confirm_follows()
    {
        var open = Decide(
            Row(PaymentStatus.Creating),
            Seen("requires_payment_method", StripeCall.CreateIntent));

        Assert.Equal([new PaymentPending(Order, Intent)], open.Messages);
        Assert.Equal(Intent, open.Payment.IntentId);
        Assert.Equal(StripeCall.ConfirmIntent, open.Payment.DueCall);
        Assert.True(open.CallNow);
    }

    [Fact]
    public void Without_a_payment_method_the_intent_waits_for_the_browser()
    {
        var open = Decide(
            Row(PaymentStatus.Creating, card: null),
            Seen("requires_payment_method", StripeCall.CreateIntent));

        Assert.Equal(PaymentStatus.Open, open.Payment.Status);
        Assert.Null(open.Payment.DueCall);
        Assert.Equal([new PaymentPending(Order, Intent)], open.Messages);
    }

    [Fact]
    public void A_decline_in_the_browser_is_not_the_end()
    {
        var row = Row(PaymentStatus.Open, card: null);
        var declined = Decide(row, Seen("requires_payment_method", null, "card_declined"));

        Assert.Equal(row, declined.Payment);
        Assert.Equal(
            [new PaymentSucceeded(Order, Intent, 4999, "EUR")],
            Decide(row, Seen("succeeded")).Messages);
    }

    [Fact]
    public void A_decline_on_the_server_is_told_only_after_the_intent_is_cancelled()
    {
        var declined = Decide(Row(PaymentStatus.Open), new Declined("insufficient_funds"));
        Assert.Empty(declined.Messages);
        Assert.Equal(StripeCall.CancelIntent, declined.Payment.DueCall);

        var failed = Decide(declined.Payment, Seen("canceled", StripeCall.CancelIntent));
        Assert.Equal(PaymentStatus.Failed, failed.Payment.Status);
        Assert.Equal([new PaymentFailed(Order, "insufficient_funds")], failed.Messages);
    }

    [Fact]
    public void A_failed_payment_answers_a_cancel_with_cancelled()
    {
        var answer = DecideCommand.Cancel(Row(PaymentStatus.Failed), Cancel(), null, Rules, Now);

        Assert.Equal([new PaymentCancelled(Order, "customer")], answer.Messages);
    }

    [Fact]
    public void Transient_declines_take_a_new_key_and_end_after_the_bound()
    {
        var row = Row(PaymentStatus.Open);
        for (var attempt = 1; attempt <= Rules.MaxTransientDeclines; attempt++)
        {
            var again = Decide(row, new Declined("processing_error"));
            Assert.Equal(attempt + 1, again.Payment.Attempt);
            Assert.Equal(StripeCall.ConfirmIntent, again.Payment.DueCall);
            Assert.False(again.CallNow);
            row = again.Payment;
        }
        var final = Decide(row, new Declined("processing_error"));
        Assert.Equal(PaymentStatus.Declined, final.Payment.Status);
        Assert.Equal("processing_error", final.Payment.FailureReason);
    }

    [Fact]
    public void An_unknown_outcome_repeats_the_same_key_with_growing_delay()
    {
        var row = Row(PaymentStatus.Creating);
        var delays = new List<TimeSpan>();
        for (var i = 0; i < 20; i++)
        {
            var again = Decide(row, new Unanswered(StripeCall.CreateIntent, KeyIsSpent: false));
            Assert.Equal(row.Attempt, again.Payment.Attempt);
            delays.Add(again.Payment.NextTryAt!.Value - Now);
            row = again.Payment;
        }
        Assert.InRange(delays[0], TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));
        Assert.InRange(delays[3], TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8));
        Assert.InRange(delays[^1], Rules.MaxRetryDelay / 2, Rules.MaxRetryDelay);
    }

    [Fact]
    public void A_spent_key_is_replaced()
    {
        var again = Decide(
            Row(PaymentStatus.Open), new Unanswered(StripeCall.ConfirmIntent, KeyIsSpent: true));

        Assert.Equal(2, again.Payment.Attempt);
        Assert.Equal(StripeCall.ConfirmIntent, again.Payment.DueCall);
    }

    [Fact]
    public void Many_tries_without_an_answer_call_an_operator()
    {
        var tired = Row(PaymentStatus.Creating) with { Tries = PaymentSteps.ManyTries };

        var again = Decide(tired, new Unanswered(StripeCall.CreateIntent, KeyIsSpent: false));

        Assert.Equal(PaymentAlert.Unanswered, again.Alert);
    }

    [Fact]
    public void What_Stripe_never_creates_fails_at_once()
    {
        var failed = Decide(
            Row(PaymentStatus.Creating), new Refused(StripeCall.CreateIntent, "amount_too_small"));

        Assert.Equal([new PaymentFailed(Order, "amount_too_small")], failed.Messages);
        Assert.Null(failed.Payment.DueCall);
    }

    [Fact]
    public void A_cancel_of_a_paid_payment_owes_the_refund_before_it_is_called()
    {
        var owed = DecideCommand.Cancel(Row(PaymentStatus.Succeeded), Cancel(), null, Rules, Now);

        Assert.Equal(StripeCall.CreateRefund, owed.Payment.DueCall);
        Assert.Empty(owed.Messages);
        var refund = Assert.Single(owed.Refunds);
        Assert.Equal(
            (owed.Payment.RefundId, 4999L, RefundStatus.Pending),
            (refund.Id, refund.AmountMinor, refund.Status));

        var refunded = Decide(
            owed.Payment, new RefundSeen("re_1", refund.Id, "succeeded", 4999, null));
        Assert.Equal([new PaymentRefunded(Order, 4999, "EUR")], refunded.Messages);
        Assert.Equal("re_1", Assert.Single(refunded.Refunds).StripeRefundId);
    }

    [Fact]
    public void A_refund_that_fails_days_later_is_owed_again_under_a_new_key()
    {
        var again = Decide(Row(PaymentStatus.Refunded), RefundIs("failed"));

        Assert.Equal(PaymentStatus.Refunding, again.Payment.Status);
        Assert.NotEqual(RefundId, again.Payment.RefundId);
        Assert.Equal(
            [RefundStatus.Failed, RefundStatus.Pending],
            again.Refunds.Select(refund => refund.Status));
        Assert.Equal(PaymentAlert.RefundFailed, again.Alert);

        var stale = Decide(again.Payment, RefundIs("succeeded"));
        Assert.Equal(again.Payment, stale.Payment);
    }

    [Fact]
    public void Refunds_that_fail_again_and_again_are_tried_ever_more_slowly()
    {
        var row = Row(PaymentStatus.Refunded);
        for (var i = 0; i < 6; i++)
        {
            var failed = Decide(row, new RefundSeen("re", row.RefundId, "failed", 4999, null));
            row = Decide(
                failed.Payment,
                new RefundSeen("re", failed.Payment.RefundId, "succeeded", 4999, null)).Payment;
        }

        var again = Decide(row, new RefundSeen("re", row.RefundId, "failed", 4999, null));

        Assert.True(again.Payment.NextTryAt > Now.AddSeconds(30));
    }

    [Fact]
    public void A_cancel_that_finds_the_payment_succeeded_refunds_it_and_publishes_no_success()
    {
        var row = Row(PaymentStatus.Open, cancelWanted: true);

        var refunding = Decide(row, Seen("succeeded", StripeCall.CancelIntent));

        Assert.Equal(PaymentStatus.Refunding, refunding.Payment.Status);
        Assert.Equal(StripeCall.CreateRefund, refunding.Payment.DueCall);
        Assert.Empty(refunding.Messages);
    }

    [Fact]
    public void A_processing_intent_is_waited_for()
    {
        var row = Row(PaymentStatus.Open, cancelWanted: true);

        var waiting = Decide(row, Seen("processing", StripeCall.CancelIntent));

        Assert.Equal(StripeCall.CancelIntent, waiting.Payment.DueCall);
        Assert.False(waiting.CallNow);
        Assert.Empty(waiting.Messages);
    }

    [Fact]
    public void A_success_after_the_end_is_published_once_and_calls_an_operator()
    {
        var late = Decide(Row(PaymentStatus.Cancelled), Seen("succeeded"));
        Assert.Equal([new PaymentSucceeded(Order, Intent, 4999, "EUR")], late.Messages);
        Assert.Equal(PaymentAlert.LateSuccess, late.Alert);

        Assert.Empty(Decide(late.Payment, Seen("succeeded")).Messages);
    }

    public static TheoryData<string> Mismatches =>
        ["intent", "order", "no order", "amount", "currency", "livemode"];

    [Theory]
    [MemberData(nameof(Mismatches))]
    public void A_success_that_is_not_the_payments_is_quarantined_and_never_published(string what)
    {
        var right = Snapshot("succeeded");
        var wrong = what switch
        {
            "intent" => right with { Id = "pi_2" },
            "order" => right with { OrderId = RefundId.ToString() },
            "no order" => right with { OrderId = null },
            "amount" => right with { AmountReceived = 4998 },
            "currency" => right with { Currency = "usd" },
            _ => right with { LiveMode = true },
        };

        var decision = Decide(Row(PaymentStatus.Open), new IntentSeen(wrong, null));

        Assert.Equal(PaymentStatus.Quarantined, decision.Payment.Status);
        Assert.Equal(PaymentAlert.Mismatch, decision.Alert);
        Assert.Empty(decision.Messages);
        Assert.Null(decision.Payment.DueCall);
    }

    private static PaymentDecision Decide(Payment row, PaymentFact fact) =>
        DecideFact.Decide(row, fact, Rules, Now);
}

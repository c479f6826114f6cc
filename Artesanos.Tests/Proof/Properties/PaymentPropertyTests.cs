using Artesanos.Messaging.Contracts;
using Artesanos.Payments.Charging;
using Artesanos.Tests.Proof.Exploration;
using CsCheck;
using Xunit;
using static Artesanos.Payments.Charging.PaymentStatus;

namespace Artesanos.Tests.Proof.Properties;

/// <summary>
/// Commands, answers and webhooks in any order, also answers to calls that were never made.
/// </summary>
[Trait("Category", "Proof")]
public sealed class PaymentPropertyTests
{
    private static readonly Gen<(bool, int[])> Sequences = Gen.Select(
        Gen.Bool, Gen.Int[0, PaymentsAutomaton.Inputs - 1].Array[1, 40]);

    [Fact]
    public void No_sequence_of_commands_and_facts_breaks_a_promise_of_Payments() =>
        Sequences.Sample(
            sequence => Follow(sequence.Item1 ? "pm_card_visa" : null, sequence.Item2),
            iter: 20_000, threads: 1);

    private static void Follow(string? method, int[] inputs)
    {
        Payment? row = null;
        foreach (var input in inputs)
        {
            if (PaymentsAutomaton.Message(row, input, method) is not { } message)
            {
                continue;
            }
            var outcome = Decisions.Real.Payments(row, message, TheOrder.Now);
            var next = outcome.Next!;
            AssertTold(next, outcome.Sends);
            if (row is not null)
            {
                AssertForward(row, next, outcome);
            }
            if (next.Status is Succeeded or Refunded or Cancelled or Failed or Quarantined)
            {
                Assert.Null(next.DueCall);
                Assert.Null(next.NextTryAt);
            }
            if (next.CancelWanted)
            {
                Assert.NotEqual(StripeCall.ConfirmIntent, next.DueCall);
                Assert.DoesNotContain(outcome.Sends, send => send is PaymentPending);
            }
            row = next;
        }
    }

    /// <summary>What is said is what is stored: nothing is promised that is not done yet.</summary>
    private static void AssertTold(Payment row, IReadOnlyList<object> sends)
    {
        foreach (var send in sends)
        {
            var proved = send switch
            {
                PaymentSucceeded => row.Status == Succeeded,
                PaymentRefunded => row.Status == Refunded,
                // A failed payment that is cancelled afterwards is told to be both.
                PaymentCancelled => row.Status is Cancelled or Failed,
                PaymentFailed => row.Status == Failed,
                PaymentPending => row.IntentId is not null && !row.CancelWanted,
                _ => false,
            };
            Assert.True(proved, $"{send} while {row.Status}");
        }
    }

    private static void AssertForward(Payment row, Payment next, Outcome<Payment> outcome)
    {
        Assert.True(next.CancelWanted || !row.CancelWanted, "a cancel is never forgotten");
        Assert.True(row.IntentId is null || row.IntentId == next.IntentId, "one intent per order");
        Assert.Equal((row.AmountMinor, row.Currency), (next.AmountMinor, next.Currency));
        Assert.True(next.Version > row.Version || next == row, "a change raises the version");
        Assert.True(next.Version > row.Version || !outcome.CallNow, "a call needs a stored row");
        if (row.Status is Refunding or RefundPending or Refunded)
        {
            Assert.True(next.Status is Refunding or RefundPending or Refunded);
        }
        if (row.Status == Succeeded)
        {
            Assert.True(next.Status is Succeeded or Refunding or Refunded);
        }
        if (row.Status == Declined)
        {
            Assert.True(next.Status is not (Creating or Open or Processing), "a decline is final");
        }
    }
}

using Artesanos.Payments.Charging;
using Xunit;

namespace Artesanos.Tests.Proof.Exploration;

/// <summary>Found by seed 1005 of the simulation.</summary>
[Trait("Category", "Proof")]
public sealed class CancelAgainTests
{
    [Fact]
    public void A_cancel_that_came_while_Stripe_was_processing_is_repeated_under_another_key()
    {
        var facts = new[] { Fact.Created, Fact.HookProcessing };
        var row = Decide(null, PaymentsAutomaton.Process);
        row = facts.Aggregate(row, (current, fact) => Decide(current, (int)fact));
        row = Decide(row, PaymentsAutomaton.Cancel);

        var refused = Decide(row, (int)Fact.CancelWhileProcessing);

        Assert.Equal(StripeCall.CancelIntent, refused.DueCall);
        Assert.Equal(row.Attempt + 1, refused.Attempt);
    }

    private static Payment Decide(Payment? row, int input) => Decisions.Real.Payments(
        row, PaymentsAutomaton.Message(row, input, null)!, TheOrder.Now).Next!;
}

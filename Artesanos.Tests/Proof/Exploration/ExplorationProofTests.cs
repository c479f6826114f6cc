using System.Diagnostics;
using Xunit;

namespace Artesanos.Tests.Proof.Exploration;

/// <summary>
/// Level 1: every interleaving of one order, over the decisions that the services run.
/// </summary>
[Trait("Category", "Proof")]
public sealed class ExplorationProofTests(ITestOutputHelper output)
{
    [Fact]
    public void No_interleaving_of_a_browser_payment_breaks_the_saga() => Prove(null);

    [Fact]
    public void No_interleaving_of_a_server_payment_breaks_the_saga() => Prove("pm_card_visa");

    [Fact]
    public void No_message_that_is_lost_leaves_an_order_stuck() => Prove(null, losesMail: true);

    private void Prove(string? paymentMethod, bool losesMail = false)
    {
        var clock = Stopwatch.StartNew();
        var explorer = new Explorer(new Universe(Decisions.Real, paymentMethod, losesMail));

        var counterexample = explorer.Explore();

        output.WriteLine($"{explorer.States:N0} states, {explorer.Transitions:N0} transitions, "
            + $"{explorer.AtRest:N0} at rest, {clock.Elapsed.TotalSeconds:F1} s");
        Assert.True(counterexample is null, counterexample?.ToString());
    }
}

using Xunit;

namespace Artesanos.Tests.Proof.Exploration;

/// <summary>
/// The proof is worth what it would notice: without any one of its rules, the exploration must
/// find a counterexample. Each prints its shortest trace.
/// </summary>
[Trait("Category", "Proof")]
public sealed class MutationProofTests(ITestOutputHelper output)
{
    public static TheoryData<string> Inventory() => [.. InventoryMutations.All.Keys];

    public static TheoryData<string> Orders() => [.. OrdersMutations.All.Keys];

    public static TheoryData<string> Payments() => [.. PaymentsMutations.All.Keys];

    [Theory]
    [MemberData(nameof(Inventory))]
    public void A_rule_of_Inventory_that_is_missing_is_found(string mutation)
    {
        var mutant = InventoryMutations.All[mutation](Decisions.Real);
        Refute(new(mutant, null), new(mutant, null, losesMail: true));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_rule_of_the_saga_that_is_missing_is_found(string mutation)
    {
        var mutant = OrdersMutations.All[mutation](Decisions.Real);
        Refute(new Universe(mutant, null));
    }

    [Theory]
    [MemberData(nameof(Payments))]
    public void A_rule_of_Payments_that_is_missing_is_found(string mutation)
    {
        var mutant = PaymentsMutations.All[mutation](Decisions.Real);
        Refute(new(mutant, null), new(mutant, "pm_card_visa"));
    }

    /// <summary>The second universe is only needed where the first shows nothing.</summary>
    private void Refute(params Universe[] universes)
    {
        var counterexample = universes
            .Select(universe => new Explorer(universe).Explore())
            .FirstOrDefault(found => found is not null);

        output.WriteLine(counterexample?.ToString() ?? "no violation");
        Assert.NotNull(counterexample);
    }
}

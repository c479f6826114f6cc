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
    public void A_rule_of_Inventory_that_is_missing_is_found(string mutation) =>
        Refute(InventoryMutations.All[mutation]);

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_rule_of_the_saga_that_is_missing_is_found(string mutation) =>
        Refute(OrdersMutations.All[mutation]);

    [Theory]
    [MemberData(nameof(Payments))]
    public void A_rule_of_Payments_that_is_missing_is_found(string mutation) =>
        Refute(PaymentsMutations.All[mutation]);

    private void Refute(Func<Decisions, Decisions> mutate)
    {
        var mutant = mutate(Decisions.Real);
        Universe[] universes =
        [
            new(mutant, paymentMethod: null),
            new(mutant, paymentMethod: null, losesMail: true),
            new(mutant, paymentMethod: "pm_card_visa"),
        ];
        // Most rules are missed at once; the others where messages are lost or cards declined.
        var counterexample = universes
            .Select(universe => new Explorer(universe).Explore())
            .FirstOrDefault(found => found is not null);

        output.WriteLine(counterexample?.ToString() ?? "no violation");
        Assert.NotNull(counterexample);
    }
}

namespace Artesanos.StripeSimulator.Wire;

/// <summary>The parameters an operation takes. <paramref name="Modelled"/> ones have an effect;
/// <paramref name="Unmodelled"/> ones exist at Stripe but are refused here: a parameter that is
/// accepted and dropped would let a test pass that fails against Stripe. Only
/// <paramref name="Unsettable"/> ones may be empty.</summary>
internal sealed record ParameterRules(
    string[] Modelled, string[] Unmodelled, string[] Unsettable)
{
    private static readonly string[] Paging = ["limit", "starting_after", "ending_before"];

    private readonly HashSet<string> _modelled = [.. Modelled, "expand"];

    public static ParameterRules Of(params string[] modelled) => new(modelled, [], []);

    public static ParameterRules List(params string[] modelled) => Of([.. modelled, .. Paging]);

    public ParameterRules Without(params string[] unmodelled) =>
        new(Modelled, unmodelled, Unsettable);

    public ParameterRules MayUnset(params string[] unsettable) =>
        new(Modelled, Unmodelled, unsettable);

    public void Check(StripeParameters parameters)
    {
        var unknown = parameters.Names
            .Where(name => !_modelled.Contains(name) && !Unmodelled.Contains(name))
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        if (unknown.Length > 0)
        {
            throw StripeRefusal.UnknownParameters(unknown);
        }

        if (parameters.Names.FirstOrDefault(Unmodelled.Contains) is { } unmodelled)
        {
            throw StripeRefusal.Invalid(
                $"The simulator does not model this parameter of Stripe's: {unmodelled}",
                unmodelled);
        }

        if (parameters.EmptyNames.Except(Unsettable).FirstOrDefault() is { } empty)
        {
            throw StripeRefusal.Empty(empty);
        }
    }
}

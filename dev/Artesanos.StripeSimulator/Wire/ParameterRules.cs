namespace Artesanos.StripeSimulator.Wire;

/// <summary>The parameters an operation takes. <paramref name="Modelled"/> ones have an effect;
/// <paramref name="Unmodelled"/> ones exist at Stripe but are refused here: a parameter that is
/// accepted and dropped would let a test pass that fails against Stripe.</summary>
internal sealed record ParameterRules(string[] Modelled, string[] Unmodelled)
{
    private static readonly string[] Paging = ["limit", "starting_after", "ending_before"];

    private readonly HashSet<string> _modelled = [.. Modelled, "expand"];

    public static ParameterRules Of(params string[] modelled) => new(modelled, []);

    public static ParameterRules List(params string[] modelled) => Of([.. modelled, .. Paging]);

    public ParameterRules Without(params string[] unmodelled) => new(Modelled, unmodelled);

    public void Check(StripeParameters parameters)
    {
        foreach (var name in parameters.Names)
        {
            if (_modelled.Contains(name))
            {
                continue;
            }

            throw Unmodelled.Contains(name)
                ? StripeRefusal.Invalid(
                    $"The simulator does not model this parameter of Stripe's: {name}",
                    name, "parameter_unknown")
                : StripeRefusal.UnknownParameter(name);
        }
    }
}

namespace Artesanos.ServiceDefaults;

/// <summary>
/// The values of the claim <c>role</c>. For each there is an authorization policy of the same
/// name: <c>.RequireAuthorization(Roles.Operator)</c>. Without one, an endpoint needs a valid
/// token of any role.
/// </summary>
public static class Roles
{
    /// <summary>Buys: places, reads and cancels own orders.</summary>
    public const string Shopper = "shopper";

    /// <summary>Sells: keeps products, prices and stock.</summary>
    public const string Artisan = "artisan";

    /// <summary>Runs the platform: dead letters, stuck sagas.</summary>
    public const string Operator = "operator";

    public static IReadOnlyList<string> All { get; } = [Shopper, Artisan, Operator];
}

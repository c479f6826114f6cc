namespace Artesanos.StripeSimulator.Wire;

/// <summary>Which references of an object are written as objects: <c>expand[]=latest_charge</c>.
/// </summary>
internal sealed class Expansion
{
    public static readonly Expansion None = new([]);

    private readonly IReadOnlyList<string> _paths;

    private Expansion(IReadOnlyList<string> paths) => _paths = paths;

    /// <summary>Reads <c>expand</c>; in a list the paths begin with <c>data.</c>.</summary>
    public static Expansion Of(
        StripeParameters parameters, IReadOnlyCollection<string> allowed, bool list = false)
    {
        var requested = parameters.List("expand");
        if (requested.Count == 0)
        {
            return None;
        }

        var paths = new List<string>(requested.Count);
        foreach (var path in requested)
        {
            var own = list && path.StartsWith("data.", StringComparison.Ordinal)
                ? path["data.".Length..]
                : path;
            if (!allowed.Contains(own))
            {
                throw StripeRefusal.Invalid(
                    $"This property cannot be expanded ({path}).", "expand");
            }

            paths.Add(own);
        }

        return new Expansion(paths);
    }

    public bool Has(string path) => _paths.Contains(path);

    /// <summary>What remains inside <paramref name="name"/>: of <c>latest_charge.refunds</c>,
    /// <c>refunds</c>.</summary>
    public Expansion Inside(string name)
    {
        var prefix = name + ".";
        var inner = _paths
            .Where(path => path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(path => path[prefix.Length..])
            .ToArray();
        return inner.Length == 0 ? None : new Expansion(inner);
    }
}

namespace Artesanos.StripeSimulator.Wire;

/// <summary>Which references of an object are written as objects: <c>expand[]=latest_charge</c>.
/// </summary>
internal sealed class Expansion
{
    public static readonly Expansion None = new([]);

    private const int MaxLevels = 4;
    private const string Nothing = "";
    private const string ListOf = "list ";

    // What each field leads to; nothing, where the simulator never sets it.
    private static readonly Dictionary<string, Dictionary<string, string>> Fields =
        new(StringComparer.Ordinal)
        {
            ["payment_intent"] = Of(
                ["application", "customer", "on_behalf_of", "payment_record", "review", "source"],
                ("latest_charge", "charge"), ("payment_method", "payment_method")),
            ["charge"] = Of(
                [
                    "application", "application_fee", "customer", "failure_balance_transaction",
                    "on_behalf_of", "review", "source_transfer", "transfer"
                ],
                ("payment_intent", "payment_intent"), ("refunds", ListOf + "refund")),
            ["refund"] = Of(
                ["customer", "source_transfer_reversal", "transfer_reversal"],
                ("charge", "charge"), ("payment_intent", "payment_intent"),
                ("payment_method", "payment_method")),
            ["dispute"] = Of([], ("charge", "charge"), ("payment_intent", "payment_intent")),
            ["payment_method"] = Of(["customer"]),
            ["event"] = [],
            ["webhook_endpoint"] = []
        };

    // The balance is not simulated; its expansion is refused in words of our own.
    private static readonly string[] Unmodelled = ["balance_transaction"];

    private readonly IReadOnlyList<string> _paths;

    private Expansion(IReadOnlyList<string> paths) => _paths = paths;

    /// <summary>Reads <c>expand</c> for an object of <paramref name="kind"/>; in a list of them
    /// the paths begin with <c>data.</c>.</summary>
    public static Expansion Of(StripeParameters parameters, string kind, bool list = false)
    {
        if (parameters.Text("expand") is not null)
        {
            throw StripeRefusal.Invalid("Invalid array", "expand");
        }

        var requested = parameters.List("expand");
        foreach (var path in requested)
        {
            Check(path, list ? ListOf + kind : kind);
        }

        return requested.Count == 0
            ? None
            : new([.. list ? requested.Select(path => path["data.".Length..]) : requested]);
    }

    public bool Has(string name) =>
        _paths.Any(path => path == name || path.StartsWith(name + ".", StringComparison.Ordinal));

    /// <summary>What remains inside <paramref name="name"/>: of <c>latest_charge.refunds</c>,
    /// <c>refunds</c>.</summary>
    public Expansion Inside(string name)
    {
        var prefix = name + ".";
        var inner = _paths
            .Where(path => path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(path => path[prefix.Length..])
            .ToArray();
        return inner.Length == 0 ? None : new(inner);
    }

    private static void Check(string path, string kind)
    {
        var steps = path.Split('.');
        if (steps.Length > MaxLevels)
        {
            throw StripeRefusal.Invalid(
                $"You cannot expand more than {MaxLevels} levels of a property.");
        }

        var at = kind;
        foreach (var step in steps)
        {
            var next = at.StartsWith(ListOf, StringComparison.Ordinal)
                ? step == "data" ? at[ListOf.Length..] : null
                : at == Nothing ? Nothing : Fields[at].GetValueOrDefault(step);
            at = next ?? throw Refused(path, kind, step);
        }

        // "data" alone names the objects of the list, which are there already.
        if (steps is ["data"])
        {
            throw Refused(path, kind, path);
        }
    }

    private static StripeRefusal Refused(string path, string kind, string step)
    {
        if (Unmodelled.Contains(step))
        {
            return StripeRefusal.Invalid($"The simulator does not expand {step}.");
        }

        var hint = kind.StartsWith(ListOf, StringComparison.Ordinal)
            && Fields[kind[ListOf.Length..]].ContainsKey(step)
                ? $" You may want to try expanding 'data.{path}' instead."
                : "";
        return StripeRefusal.Invalid($"This property cannot be expanded ({path}).{hint}");
    }

    private static Dictionary<string, string> Of(
        string[] unset, params ReadOnlySpan<(string Field, string Kind)> set)
    {
        var fields = unset.ToDictionary(name => name, _ => Nothing, StringComparer.Ordinal);
        foreach (var (field, kind) in set)
        {
            fields[field] = kind;
        }

        return fields;
    }
}

using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Artesanos.StripeSimulator.Wire;

/// <summary>The parameters of one request, from a form body or a query string, in Stripe's
/// notation: <c>amount=5</c>, <c>metadata[order_id]=x</c>, <c>expand[]=y</c>,
/// <c>expand[0]=y</c>.</summary>
internal sealed class StripeParameters
{
    private const int MaxParameters = 200;

    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _lists = new(StringComparer.Ordinal);

    public static StripeParameters Parse(ReadOnlySpan<char> text)
    {
        var parameters = new StripeParameters();
        var count = 0;
        foreach (var range in text.Split('&'))
        {
            var pair = text[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            if (++count > MaxParameters)
            {
                throw StripeRefusal.Invalid($"More than {MaxParameters} parameters.");
            }

            var equals = pair.IndexOf('=');
            var name = WebUtility.UrlDecode((equals < 0 ? pair : pair[..equals]).ToString());
            var value = equals < 0 ? "" : WebUtility.UrlDecode(pair[(equals + 1)..].ToString());
            parameters.Add(name, value);
        }

        return parameters;
    }

    /// <summary>The name before the first bracket of each parameter that was sent.</summary>
    public IEnumerable<string> Names
    {
        get
        {
            foreach (var name in _values.Keys)
            {
                var bracket = name.IndexOf('[', StringComparison.Ordinal);
                yield return bracket < 0 ? name : name[..bracket];
            }

            foreach (var name in _lists.Keys)
            {
                yield return name;
            }
        }
    }

    /// <summary>Those that were sent without a value.</summary>
    public IEnumerable<string> EmptyNames => _values
        .Where(pair => pair.Value.Length == 0 && !pair.Key.Contains('['))
        .Select(pair => pair.Key);

    public bool Has(string name) => _values.ContainsKey(name) || _lists.ContainsKey(name);

    /// <summary>The value, or null where it is absent or empty (Stripe's way to unset).</summary>
    public string? Text(string name, int maxChars = 5000)
    {
        if (!_values.TryGetValue(name, out var value) || value.Length == 0)
        {
            return null;
        }

        return value.Length <= maxChars
            ? value
            : throw StripeRefusal.Invalid(
                $"Invalid string: {value[..10]}…{value[^10..]}; must be at most {maxChars} "
                + "characters", name);
    }

    /// <summary>Reads a parameter of the transport and takes it out of the operation's.</summary>
    public string? Take(string name) => _values.Remove(name, out var value) ? value : null;

    public string Required(string name) =>
        Text(name) ?? throw StripeRefusal.MissingParameter(name);

    public string? OneOf(string name, params ReadOnlySpan<string> allowed)
    {
        var value = Text(name);
        return value is null || allowed.Contains(value)
            ? value
            : throw StripeRefusal.Invalid(
                $"Invalid {name}: must be one of {Choice(allowed)}", name);
    }

    /// <summary>"a or b"; "a, b, or c".</summary>
    private static string Choice(ReadOnlySpan<string> words) => words.Length switch
    {
        1 => words[0],
        2 => $"{words[0]} or {words[1]}",
        _ => $"{string.Join(", ", words[..^1])}, or {words[^1]}"
    };

    public long? Integer(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return long.TryParse(
                text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw StripeRefusal.Invalid(
                $"Invalid integer: {text}", name, "parameter_invalid_integer");
    }

    public bool? Boolean(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var other => throw StripeRefusal.Invalid($"Invalid boolean: {other}", name)
    };

    public IReadOnlyList<string> List(string name) =>
        _lists.TryGetValue(name, out var list) ? list : [];

    /// <summary>The fields of a hash: <c>metadata[a]=1</c> gives (a, 1).</summary>
    public IEnumerable<(string Field, string Value)> Hash(string name)
    {
        foreach (var (key, value) in _values)
        {
            if (key.Length > name.Length + 2
                && key.StartsWith(name, StringComparison.Ordinal)
                && key[name.Length] == '['
                && key[^1] == ']')
            {
                yield return (key[(name.Length + 1)..^1], value);
            }
        }
    }

    /// <summary>A fingerprint that does not depend on the order of the parameters.</summary>
    public string Fingerprint()
    {
        var canonical = new StringBuilder();
        foreach (var (name, value) in _values)
        {
            canonical.Append(name).Append('\n').Append(value).Append('\n');
        }

        foreach (var (name, list) in _lists.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            canonical.Append(name).Append("[]\n").AppendJoin('\n', list).Append('\n');
        }

        var bytes = Encoding.UTF8.GetBytes(canonical.ToString());
        return Convert.ToBase64String(SHA256.HashData(bytes));
    }

    private void Add(string name, string value)
    {
        // The first [] or [0] makes a list; [a] makes a field of a hash.
        var bracket = name.LastIndexOf('[');
        if (bracket > 0 && name[^1] == ']'
            && name.AsSpan(bracket + 1, name.Length - bracket - 2) is var index
            && (index.IsEmpty || int.TryParse(index, NumberStyles.None, null, out _)))
        {
            var list = name[..bracket];
            if (!_lists.TryGetValue(list, out var values))
            {
                _lists[list] = values = [];
            }

            values.Add(value);
            return;
        }

        _values[name] = value;
    }
}

using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dashboard;

/// <summary>Takes secrets out of what leaves the engine: values of secret parameters wherever they
/// stand, passwords in connection strings, and variables whose name says it.</summary>
internal sealed partial class SecretMask(
    IReadOnlyList<ParameterResource> parameters, IReadOnlyList<IResource> resources)
{
    public const string Masked = "●●●●●●";

    // Something shorter is no secret, and would be found in every other text.
    private const int _minLength = 4;

    private static readonly string[] _telling =
        ["SECRET", "PASSWORD", "TOKEN", "SEED", "APIKEY", "API_KEY", "SIGNINGKEY", "OTLP_HEADERS"];

    private readonly List<string> _values = [];

    /// <summary>Learns the values; a server's password is known once its data is found.</summary>
    public async Task LearnAsync(IEnumerable<string> more, CancellationToken ct)
    {
        var secrets = parameters.Where(p => p.Secret).Concat(resources.SelectMany(Passwords));
        var values = new List<string>(more);
        foreach (var secret in secrets)
        {
            values.Add(await secret.GetValueAsync(ct) ?? "");
        }
        _values.Clear();
        // The longest first: one may be part of another.
        _values.AddRange(values.Where(v => v.Length >= _minLength).Distinct()
            .OrderByDescending(v => v.Length));
    }

    public string Variable(string name, string value) =>
        value.Length > 0 && _telling.Any(t => name.Contains(t, StringComparison.OrdinalIgnoreCase))
            ? Masked : Text(value);

    public string Text(string text)
    {
        foreach (var value in _values)
        {
            text = text.Replace(value, Masked, StringComparison.Ordinal);
        }
        text = PasswordField().Replace(text, "$1" + Masked);
        return PasswordInUrl().Replace(text, "$1" + Masked + "@");
    }

    private static IEnumerable<ParameterResource> Passwords(IResource resource) => resource switch
    {
        PostgresServerResource postgres => [postgres.PasswordParameter],
        NatsServerResource { PasswordParameter: { } password } => [password],
        _ => [],
    };

    [GeneratedRegex("""((?:Password|Pwd)\s*=\s*)[^;\s"']+""", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordField();

    [GeneratedRegex("""(\w+://[^/\s:@]+:)[^/\s@]+@""")]
    private static partial Regex PasswordInUrl();
}

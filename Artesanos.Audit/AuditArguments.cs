using System.Globalization;
using Npgsql;

namespace Artesanos.Audit;

/// <summary>What the command is told, on its line or in the environment.</summary>
internal sealed record AuditArguments(
    AuditSources Sources, TimeSpan Bound, TimeSpan Pause, bool Json, string? MetricsFile)
{
    public const string Usage =
        """
        Checks the eight invariants of the system, which may be running.

          --orders CONNECTION         (Audit__Orders)        PostgreSQL connection strings of the
          --payments CONNECTION       (Audit__Payments)      three databases; a read-only role
          --inventory CONNECTION      (Audit__Inventory)     suffices
          --stripe-ledger URL         (Audit__StripeLedger)  the Stripe simulator, if it is used
          --bound hh:mm:ss            (Audit__Bound)         how old a step may be: 00:02:00
          --pause hh:mm:ss            (Audit__Pause)         between the two readings: 00:00:03
          --metrics FILE              (Audit__Metrics)       also for Prometheus, as a file of
                                                             node_exporter's textfile collector
          --json                                             one JSON object instead of text

        Exit code: 0 every invariant holds, 1 violations, 2 nothing was audited.
        """;

    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["--orders"] = "Audit__Orders",
        ["--payments"] = "Audit__Payments",
        ["--inventory"] = "Audit__Inventory",
        ["--stripe-ledger"] = "Audit__StripeLedger",
        ["--bound"] = "Audit__Bound",
        ["--pause"] = "Audit__Pause",
        ["--metrics"] = "Audit__Metrics",
    };

    /// <returns>The arguments, or what is wrong with them.</returns>
    public static (AuditArguments? Arguments, string? Wrong) Parse(
        IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        var json = false;
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--json")
            {
                json = true;
            }
            else if (!Options.ContainsKey(args[i]))
            {
                return (null, $"{args[i]} is not an option.");
            }
            else if (i + 1 == args.Count)
            {
                return (null, $"{args[i]} needs a value.");
            }
            else
            {
                given[args[i]] = args[++i];
            }
        }
        try
        {
            return (new AuditArguments(
                new AuditSources(
                    Connection("--orders"), Connection("--payments"), Connection("--inventory"),
                    Ledger()),
                Duration("--bound", TimeSpan.FromMinutes(2)),
                Duration("--pause", TimeSpan.FromSeconds(3)), json, Value("--metrics")), null);
        }
        catch (FormatException wrong)
        {
            return (null, wrong.Message);
        }

        string? Value(string option) =>
            given.GetValueOrDefault(option) ?? environment(Options[option]) switch
            {
                "" => null,
                var value => value,
            };

        string Connection(string option)
        {
            var value = Value(option)
                ?? throw new FormatException($"{option} (or {Options[option]}) is missing.");
            try
            {
                return new NpgsqlConnectionStringBuilder(value).ConnectionString;
            }
            catch (ArgumentException)
            {
                // Without the value: it may hold a password.
                throw new FormatException($"{option} is not a PostgreSQL connection string, "
                    + "such as Host=…;Database=…;Username=…;Password=….");
            }
        }

        Uri? Ledger() => Value("--stripe-ledger") switch
        {
            null => null,
            var value when Uri.TryCreate(value, UriKind.Absolute, out var url)
                && url.Scheme is "http" or "https" => url,
            _ => throw new FormatException("--stripe-ledger must be an http(s) URL."),
        };

        TimeSpan Duration(string option, TimeSpan otherwise) => Value(option) switch
        {
            null => otherwise,
            var value when TimeSpan.TryParseExact(
                value, "c", CultureInfo.InvariantCulture, out var duration)
                && duration >= TimeSpan.Zero => duration,
            _ => throw new FormatException($"{option} must be a duration such as 00:02:00."),
        };
    }
}

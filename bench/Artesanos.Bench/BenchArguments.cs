using System.Globalization;

namespace Artesanos.Bench;

/// <summary>What to run.</summary>
/// <param name="Orders">Orders to place.</param>
/// <param name="Clients">Concurrent clients, each waiting for its answer before the next order.</param>
/// <param name="Warmup">Orders placed before the clock starts.</param>
/// <param name="Gateway">Through the gateway instead of directly on Orders.</param>
/// <param name="HotProduct">All orders on one product.</param>
/// <param name="CompareTelemetry">Four runs: with telemetry, twice without, and with it.</param>
/// <param name="Sync">JetStream's sync interval: <c>always</c>, or the server's <c>2m</c>.</param>
internal sealed record BenchArguments(
    int Orders = 3000, int Clients = 64, int Warmup = 3000, bool Gateway = false,
    bool HotProduct = false, string Sync = "2m", int Replicas = 1, bool Json = false,
    bool CompareTelemetry = false)
{
    public const string Usage =
        """
        Usage: saga [--orders N] [--clients N] [--warmup N] [--gateway] [--hot-product]
                    [--sync always|2m] [--replicas N] [--json] [--compare-telemetry]
        """;

    private static readonly string[] Switches =
        ["--gateway", "--hot-product", "--json", "--compare-telemetry"];

    public static BenchArguments? Parse(string[] args, out string error)
    {
        error = "";
        if (args.FirstOrDefault() != "saga")
        {
            error = "The benchmark to run is missing: saga.";
            return null;
        }
        var parsed = new BenchArguments();
        for (var i = 1; i < args.Length; i++)
        {
            var (name, value) = (args[i], i + 1 < args.Length ? args[i + 1] : "");
            BenchArguments? next = name switch
            {
                "--gateway" => parsed with { Gateway = true },
                "--hot-product" => parsed with { HotProduct = true },
                "--json" => parsed with { Json = true },
                "--compare-telemetry" => parsed with { CompareTelemetry = true },
                "--sync" when value is "always" or "2m" => parsed with { Sync = value },
                "--orders" when Count(value) is { } n => parsed with { Orders = n },
                "--clients" when Count(value) is { } n => parsed with { Clients = n },
                "--warmup" when Count(value) is { } n => parsed with { Warmup = n },
                "--replicas" when Count(value) is { } n => parsed with { Replicas = n },
                _ => null,
            };
            if (next is null)
            {
                error = $"{name} {value} is not an option here.";
                return null;
            }
            parsed = next;
            i += Switches.Contains(name) ? 0 : 1;
        }
        return parsed;
    }

    private static int? Count(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count > 0 ? count : null;
}

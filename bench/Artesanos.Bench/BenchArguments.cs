using System.Globalization;

namespace Artesanos.Bench;

/// <summary>What to run.</summary>
/// <param name="Orders">Orders to place.</param>
/// <param name="Clients">Concurrent clients, each waiting for its answer before the next order.</param>
/// <param name="Warmup">Orders placed by such clients before the clock starts: while services are
/// young, a third of their time is the JIT's.</param>
/// <param name="Rate">Orders per second that arrive whether or not earlier ones were answered;
/// null: each client's next order follows its last answer.</param>
/// <param name="Wait">A client's next order waits until its last one has ended.</param>
/// <param name="Past">Orders of yesterday that the tables hold already.</param>
/// <param name="FailurePercent">Share of cards that are declined, of Stripe's answers that are
/// lost and of webhooks that are never sent.</param>
/// <param name="Gateway">Through the gateway instead of directly on Orders.</param>
/// <param name="HotProduct">All orders on one product.</param>
/// <param name="Sync">JetStream's sync interval: <c>always</c>, or the server's <c>2m</c>.</param>
/// <param name="Running">On a system that runs on this machine already; its addresses are in the
/// environment.</param>
/// <param name="Limits">Also what the database and the streams do alone, before the load.</param>
/// <param name="CompareTelemetry">Four runs: with telemetry, twice without, and with it.</param>
internal sealed record BenchArguments(
    int Orders = 3000, int Clients = 64, int Warmup = 12_000, double? Rate = null,
    bool Wait = false, int Past = 0, double FailurePercent = 0, bool Gateway = false,
    bool HotProduct = false, string Sync = "2m", int Replicas = 1, bool Json = false,
    bool Running = false, bool Limits = false, bool CompareTelemetry = false)
{
    public const string Usage =
        """
        Usage: saga  [--orders N] [--clients N] [--warmup N] [--rate R] [--wait]
                     [--past N] [--failures P%] [--gateway] [--hot-product] [--sync always|2m]
                     [--replicas N] [--json] [--running] [--compare-telemetry]
               limit (as saga): what PostgreSQL and JetStream do alone, then the saga
               compare A.json B.json: two reports of --json side by side
        """;

    private static readonly string[] Switches =
        ["--wait", "--gateway", "--hot-product", "--json", "--running", "--compare-telemetry"];

    public static BenchArguments? Parse(string[] args, out string error)
    {
        error = "";
        if (args.FirstOrDefault() is not ("saga" or "limit"))
        {
            error = "The benchmark to run is missing.";
            return null;
        }
        var parsed = new BenchArguments(Limits: args[0] == "limit");
        for (var i = 1; i < args.Length; i++)
        {
            var (name, value) = (args[i], i + 1 < args.Length ? args[i + 1] : "");
            BenchArguments? next = name switch
            {
                "--wait" => parsed with { Wait = true },
                "--gateway" => parsed with { Gateway = true },
                "--hot-product" => parsed with { HotProduct = true },
                "--json" => parsed with { Json = true },
                "--running" => parsed with { Running = true },
                "--compare-telemetry" => parsed with { CompareTelemetry = true },
                "--sync" when value is "always" or "2m" => parsed with { Sync = value },
                "--orders" when Count(value) is { } n => parsed with { Orders = n },
                "--clients" when Count(value) is { } n => parsed with { Clients = n },
                "--warmup" when Count(value) is { } n => parsed with { Warmup = n },
                "--past" when Count(value) is { } n => parsed with { Past = n },
                "--replicas" when Count(value) is { } n => parsed with { Replicas = n },
                "--rate" when Number(value) is > 0 and var rate => parsed with { Rate = rate },
                "--failures" when Number(value.TrimEnd('%')) is >= 0 and <= 50 and var share =>
                    parsed with { FailurePercent = share },
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
        if (parsed is { Running: true } and not
            {
                Past: 0, FailurePercent: 0, Replicas: 1, Sync: "2m",
                Limits: false, CompareTelemetry: false,
            })
        {
            error = "--running takes the system as it is: without limit, --past, --failures, "
                + "--replicas, --sync and --compare-telemetry.";
            return null;
        }
        return parsed;
    }

    /// <summary>As it is typed.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(Limits ? "limit" : "saga")} --orders {Orders} --clients {Clients} "
        + $"--warmup {Warmup}{(Running ? "" : $" --sync {Sync}")}"
        + $"{(Rate is { } rate ? $" --rate {rate}" : "")}"
        + $"{(Wait ? " --wait" : "")}{(Past > 0 ? $" --past {Past}" : "")}"
        + $"{(FailurePercent > 0 ? $" --failures {FailurePercent}%" : "")}"
        + $"{(Running ? " --running" : "")}{(Gateway ? " --gateway" : "")}"
        + $"{(HotProduct ? " --hot-product" : "")}"
        + $"{(Replicas > 1 ? $" --replicas {Replicas}" : "")}");

    private static int? Count(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count > 0 ? count : null;

    private static double? Number(string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var number) ? number : null;
}

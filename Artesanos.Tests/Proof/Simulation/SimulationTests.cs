using System.Diagnostics;
using System.Globalization;
using Artesanos.Audit;
using Artesanos.Payments.Charging;
using Artesanos.Tests.Proof.Exploration;
using Xunit;
using PaymentFact = Artesanos.Payments.Charging.PaymentFact;

namespace Artesanos.Tests.Proof.Simulation;

/// <summary>
/// Level 2: the decisions of the three services in a world of crashes. <c>SIMULATION_SEEDS</c>
/// says how many seeds, <c>SIMULATION_FIRST_SEED</c> which is the first.
/// </summary>
[Trait("Category", "Simulation")]
public sealed class SimulationTests(ITestOutputHelper output)
{
    /// <summary>Each once showed a bug: 1 and 1005 a cancel that kept its key.</summary>
    public static TheoryData<ulong> FailedOnce() => [1, 1005];

    [Theory]
    [MemberData(nameof(FailedOnce))]
    public void A_seed_that_failed_once_never_fails_again(ulong seed) => Verify(seed);

    [Fact]
    public void The_invariants_hold_whatever_fails()
    {
        var seeds = Number("SIMULATION_SEEDS", 300);
        var first = Number("SIMULATION_FIRST_SEED", 1000);
        var (clock, happened) = (Stopwatch.StartNew(), 0L);
        var endings = new SortedDictionary<string, int>(StringComparer.Ordinal);

        for (var seed = first; seed < first + seeds; seed++)
        {
            var run = Verify(seed);
            happened += run.Agenda.Happened;
            foreach (var saga in run.Orders.Sagas.Values)
            {
                var ending = $"{saga.State} {saga.Reason}".TrimEnd();
                endings[ending] = endings.GetValueOrDefault(ending) + 1;
            }
        }

        var orders = seeds * Simulation.OrdersPerRun;
        output.WriteLine($"{seeds:N0} seeds from {first}: {orders:N0} orders, "
            + $"{happened:N0} steps, {clock.Elapsed.TotalSeconds:F1} s, "
            + $"{orders / clock.Elapsed.TotalSeconds:N0} orders per second");
        output.WriteLine(string.Join('\n', endings.Select(e => $"{e.Value,9:N0} {e.Key}")));
    }

    /// <summary>
    /// What heals itself before the end (a repetition is answered, a hold expires, a sweeper
    /// comes by) is no violation of the end, and one needs 519 seeds. Level 1, which looks at
    /// every moment, finds these.
    /// </summary>
    private static readonly HashSet<string> LeftToExploration =
    [
        "A payment that was cancelled starts after all",
        "A success after a cancel is kept",
        "A release of an expired hold is not answered",
        "A rejection is not stored",
        "A cancel before its payment is dropped",
        "A decline is published before the intent is cancelled",
        "No release of an order that never reserved is answered",
        "A repeated reserve holds again what has expired",
        "A release before its reserve leaves no tombstone",
        "The payment counts as undone as soon as it is pending",
        "A cancel while the intent is created is forgotten",
        "A repeated release is not answered",
        "A reserve that times out ends the order at once",
    ];

    public static TheoryData<string> Mutations() => [.. Mutants.Keys.Except(LeftToExploration)];

    /// <summary>The bug of seed 1005. Level 1 knows no keys and cannot see it.</summary>
    private static readonly Func<Decisions, Decisions> SameKey = real => real with
    {
        Payments = (row, message, now) =>
        {
            var outcome = real.Payments(row, message, now);
            return message is PaymentFact.IntentSeen { Answer: StripeCall.CancelIntent }
                ? outcome with { Next = outcome.Next! with { Attempt = row!.Attempt } } : outcome;
        },
    };

    private static IReadOnlyDictionary<string, Func<Decisions, Decisions>> Mutants { get; } =
        InventoryMutations.All.Concat(OrdersMutations.All).Concat(PaymentsMutations.All)
            .Append(KeyValuePair.Create("A cancel is repeated under its first key", SameKey))
            .ToDictionary();

    [Theory]
    [MemberData(nameof(Mutations))]
    public void A_missing_rule_breaks_an_invariant(string mutation)
    {
        var mutant = Mutants[mutation](Decisions.Real);

        var seed = Enumerable.Range(1, 500).FirstOrDefault(seed => IsBroken((ulong)seed, mutant));

        output.WriteLine($"Seed {seed} finds it.");
        Assert.NotEqual(0, seed);
    }

    private static bool IsBroken(ulong seed, Decisions mutant)
    {
        try
        {
            var run = new Simulation(seed, mutant);
            return SimulationAudit.Check(run, run.Run()).Count > 0;
        }
        catch (InvalidOperationException)
        {
            // A guard in the rows or a decision that met what it cannot mean anything by.
            return true;
        }
    }

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        var runs = Enumerable.Range(0, 2).Select(_ =>
        {
            var run = new Simulation(7, Decisions.Real);
            run.Run();
            return (run.Agenda.Happened, run.Agenda.Now, run.Orders.Outbox.Count);
        }).ToList();

        Assert.Equal(runs[0], runs[1]);
    }

    private static Simulation Verify(ulong seed)
    {
        var run = new Simulation(seed, Decisions.Real);
        var violations = SimulationAudit.Check(run, run.Run());
        if (violations.Count > 0)
        {
            Assert.Fail(Describe(seed, violations));
        }
        return run;
    }

    /// <summary>Runs the seed again and tells the story of the first order at fault.</summary>
    private static string Describe(ulong seed, List<Violation> violations)
    {
        var order = violations.Select(violation => violation.Subject.Split(' ')[^1])
            .Select(word => Guid.TryParse(word, out var id) ? id : Guid.Empty)
            .FirstOrDefault(id => id != Guid.Empty);
        var again = new Simulation(seed, Decisions.Real, order);
        again.Run();
        return $"Seed {seed}:\n{string.Join('\n', violations)}\n\n{again.Journal}";
    }

    private static ulong Number(string variable, ulong otherwise) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture,
            out var number) ? number : otherwise;
}

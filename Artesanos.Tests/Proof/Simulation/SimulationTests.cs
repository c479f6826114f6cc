using System.Diagnostics;
using System.Globalization;
using Artesanos.Audit;
using Xunit;

namespace Artesanos.Tests.Proof.Simulation;

/// <summary>
/// Level 2: the decisions of the three services in a world of crashes. <c>SIMULATION_SEEDS</c>
/// says how many seeds, <c>SIMULATION_FIRST_SEED</c> which is the first.
/// </summary>
[Trait("Category", "Simulation")]
public sealed class SimulationTests(ITestOutputHelper output)
{
    /// <summary>Each once showed a bug, of the code or of the simulation, and stays.</summary>
    public static TheoryData<ulong> FailedOnce() => [1005];

    [Theory]
    [MemberData(nameof(FailedOnce))]
    public void A_seed_that_failed_once_never_fails_again(ulong seed) => Verify(seed);

    [Fact]
    public void The_invariants_hold_whatever_fails()
    {
        var seeds = Number("SIMULATION_SEEDS", 300);
        var first = Number("SIMULATION_FIRST_SEED", 1000);
        var (clock, happened) = (Stopwatch.StartNew(), 0L);

        for (var seed = first; seed < first + seeds; seed++)
        {
            happened += Verify(seed);
        }

        var orders = seeds * Simulation.OrdersPerRun;
        output.WriteLine($"{seeds:N0} seeds from {first}: {orders:N0} orders, "
            + $"{happened:N0} steps, {clock.Elapsed.TotalSeconds:F1} s, "
            + $"{orders / clock.Elapsed.TotalSeconds:N0} orders per second");
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

    private static long Verify(ulong seed)
    {
        var run = new Simulation(seed, Decisions.Real);
        var violations = SimulationAudit.Check(run, run.Run());
        if (violations.Count > 0)
        {
            Assert.Fail(Describe(seed, violations));
        }
        return run.Agenda.Happened;
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

using Microsoft.Extensions.Options;

namespace Artesanos.StripeSimulator.Control;

/// <summary>A fault to inject. It strikes the next <paramref name="Next"/> matches, or each match
/// with the probability <paramref name="Rate"/>.</summary>
/// <param name="Kind">One of <see cref="FaultKind"/>.</param>
/// <param name="Target">An operation (<c>refunds.create</c>) or event type, <c>*</c> for all, or
/// a prefix (<c>payment_intents.*</c>).</param>
/// <param name="Next">How many matches it strikes; null with a rate.</param>
/// <param name="Rate">From 0 to 1; null with a number.</param>
/// <param name="Delay">For the kinds that wait.</param>
/// <param name="Seed">Of this rule's dice; null takes the simulator's.</param>
/// <param name="PaymentIntent">Strikes only what is about this intent; null for all.</param>
internal sealed record FaultRule(
    string Kind, string Target, int? Next, double? Rate, TimeSpan Delay, int? Seed,
    string? PaymentIntent);

/// <summary>The faults in force.</summary>
internal sealed class FaultPlan(IOptions<SimulatorOptions> options)
{
    private const int MaxRules = 100;

    private readonly Lock _gate = new();
    private readonly List<ActiveRule> _rules = [];
    private int _lastId;

    // Read on each request without the lock; most of the time there is no fault at all.
    private volatile bool _any;

    /// <summary>Returns the id of the new rule, or null where there are too many.</summary>
    public int? Add(FaultRule rule)
    {
        lock (_gate)
        {
            if (_rules.Count == MaxRules)
            {
                return null;
            }

            var seed = rule.Seed ?? options.Value.Seed;
            _rules.Add(new ActiveRule(++_lastId, rule, seed));
            _any = true;
            return _lastId;
        }
    }

    public bool Remove(int id)
    {
        lock (_gate)
        {
            var removed = _rules.RemoveAll(rule => rule.Id == id) > 0;
            _any = _rules.Count > 0;
            return removed;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
            _any = false;
        }
    }

    /// <summary>The rules in force with how often each has struck.</summary>
    public IReadOnlyList<(int Id, FaultRule Rule, int Strikes)> List()
    {
        lock (_gate)
        {
            return [.. _rules.Select(active => (active.Id, active.Rule, active.StrikeCount))];
        }
    }

    /// <summary>The first rule that strikes <paramref name="name"/>, if any does.</summary>
    /// <param name="name">An operation or an event type.</param>
    /// <param name="ofKind">Which kinds can strike here.</param>
    /// <param name="intent">The id of the intent it is about, if one.</param>
    public Fault? Strike(string name, Func<string, bool> ofKind, string? intent)
    {
        if (!_any)
        {
            return null;
        }

        lock (_gate)
        {
            foreach (var active in _rules)
            {
                if (ofKind(active.Rule.Kind) && Matches(active.Rule.Target, name)
                    && (active.Rule.PaymentIntent ?? intent) == intent && active.Strikes())
                {
                    return new Fault(active.Rule.Kind, active.Rule.Delay);
                }
            }

            return null;
        }
    }

    private static bool Matches(string target, string name) =>
        target.EndsWith('*')
            ? name.StartsWith(target[..^1], StringComparison.Ordinal)
            : name == target;

    private sealed class ActiveRule(int id, FaultRule rule, int seed)
    {
        // Seeded on purpose: a run with faults can be repeated.
#pragma warning disable CA5394
        private readonly Random _dice = new(seed);
#pragma warning restore CA5394

        public int Id { get; } = id;
        public FaultRule Rule { get; } = rule;
        public int StrikeCount { get; private set; }

        public bool Strikes()
        {
            var strikes = Rule.Next is { } next
                ? StrikeCount < next
                : _dice.NextDouble() < Rule.Rate;
            StrikeCount += strikes ? 1 : 0;
            return strikes;
        }
    }
}

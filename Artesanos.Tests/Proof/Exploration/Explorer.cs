using System.Text;

namespace Artesanos.Tests.Proof.Exploration;

/// <summary>A violation and the shortest way to it.</summary>
internal sealed record Counterexample(string What, IReadOnlyList<string> Trace, string World)
{
    public override string ToString()
    {
        var text = new StringBuilder($"{What}, after {Trace.Count} steps:\n");
        for (var i = 0; i < Trace.Count; i++)
        {
            text.Append(null, $"  {i + 1,2} {Trace[i]}\n");
        }
        return text.Append("     ").Append(World).ToString();
    }
}

/// <summary>
/// Breadth first through every world that can be reached, so that the first violation has the
/// shortest trace. Then backwards from the worlds at rest: what they are not reached from is
/// stuck for ever.
/// </summary>
internal sealed class Explorer(Universe universe)
{
    /// <summary>Far above what is measured; beyond it the model has grown out of hand.</summary>
    private const int MaxStates = 12_000_000;

    private readonly Dictionary<World, int> _numbers = [];
    private readonly List<World> _worlds = [];
    private readonly List<int> _parents = [];
    private readonly List<(int From, int To, Cause Cause, Needs Needs)> _progress = [];

    public int States => _worlds.Count;
    public long Transitions { get; private set; }
    public int AtRest { get; private set; }

    /// <returns>The first violation, or null when there is none.</returns>
    public Counterexample? Explore()
    {
        Number(universe.First, parent: -1);
        for (var i = 0; i < _worlds.Count; i++)
        {
            var world = _worlds[i];
            if (Verdict.OfAnyMoment(universe, world) is { } bad)
            {
                return Found(bad, i);
            }
            var isAtRest = Verdict.IsAtRest(universe, world);
            AtRest += isAtRest ? 1 : 0;
            var canGoOn = isAtRest || universe.NeedsRepetitions ? 3 : 0;
            foreach (var edge in universe.Steps(world))
            {
                Transitions++;
                if (edge.Error is { } error)
                {
                    return Found($"a cell that must not be reached: {error}", i, edge.Label);
                }
                var to = Number(edge.To, i);
                if (edge.Cause != Cause.Luck)
                {
                    _progress.Add((i, to, edge.Cause, edge.Needs));
                    canGoOn |= edge.Cause == Cause.Resend ? 0
                        : edge.Needs == Needs.Nothing ? 3 : (int)edge.Needs;
                }
            }
            if (canGoOn != 3)
            {
                return Found("nothing but a repetition can help here", i);
            }
        }
        return Stuck();
    }

    /// <summary>Worlds from which none at rest is reached without luck.</summary>
    private Counterexample? Stuck()
    {
        var into = Incoming();
        foreach (var resends in universe.NeedsRepetitions ? (bool[])[true] : [true, false])
        {
            foreach (var stock in (Needs[])[Needs.FreePiece, Needs.NoFreePiece])
            {
                var reached = Backwards(into, resends, stock);
                var stuck = Array.IndexOf(reached, false);
                if (stuck >= 0)
                {
                    return Found($"the order never comes to rest ({(resends ? "with" : "without")} "
                        + $"repetitions, {stock})", stuck);
                }
            }
        }
        return null;
    }

    private bool[] Backwards(int[][] into, bool resends, Needs stock)
    {
        var reached = new bool[_worlds.Count];
        var waiting = new Queue<int>();
        for (var i = 0; i < _worlds.Count; i++)
        {
            if (Verdict.IsAtRest(universe, _worlds[i]))
            {
                reached[i] = true;
                waiting.Enqueue(i);
            }
        }
        while (waiting.TryDequeue(out var world))
        {
            foreach (var number in into[world])
            {
                var edge = _progress[number];
                if (!reached[edge.From] && (resends || edge.Cause != Cause.Resend)
                    && (edge.Needs == Needs.Nothing || edge.Needs == stock))
                {
                    reached[edge.From] = true;
                    waiting.Enqueue(edge.From);
                }
            }
        }
        return reached;
    }

    /// <summary>For each world the numbers of the edges that lead to it.</summary>
    private int[][] Incoming()
    {
        var counts = new int[_worlds.Count];
        foreach (var edge in _progress)
        {
            counts[edge.To]++;
        }
        var into = Array.ConvertAll(counts, count => new int[count]);
        for (var i = 0; i < _progress.Count; i++)
        {
            var to = _progress[i].To;
            into[to][--counts[to]] = i;
        }
        return into;
    }

    private int Number(World world, int parent)
    {
        if (_numbers.TryGetValue(world, out var number))
        {
            return number;
        }
        number = _worlds.Count;
        if (number == MaxStates)
        {
            throw new InvalidOperationException($"More than {MaxStates} states.");
        }
        _numbers.Add(world, number);
        _worlds.Add(world);
        _parents.Add(parent);
        return number;
    }

    private Counterexample Found(string what, int number, string? lastStep = null)
    {
        var trace = new List<string>();
        if (lastStep is not null)
        {
            trace.Add(lastStep);
        }
        for (var i = number; _parents[i] >= 0; i = _parents[i])
        {
            var here = _worlds[i];
            trace.Add(universe.Steps(_worlds[_parents[i]]).First(edge => edge.To == here).Label);
        }
        trace.Reverse();
        return new Counterexample(what, trace, universe.Describe(_worlds[number]));
    }
}

namespace Artesanos.Tests.Proof.Exploration;

/// <summary>What an input does to a row.</summary>
/// <param name="Applies">False: the input cannot come in this state.</param>
/// <param name="Sends">One bit per <see cref="Mail"/>.</param>
/// <param name="RenewsRefund">What was said of the refund so far is about another one.</param>
internal readonly record struct Move(
    bool Applies, int Next, uint Sends, string? Error, bool RenewsRefund);

/// <summary>
/// A service's decision as a finite automaton: every row that the real code can reach from the
/// first one, by every input, each pair decided once by that code. Rows are told apart by a key
/// that holds what the decision looks at, and times are reduced to whether one is set.
/// </summary>
internal sealed class Automaton<T> where T : class
{
    private readonly List<T?> _rows = [];
    private readonly List<string> _keys = [];
    private readonly List<Move[]> _moves = [];
    private readonly uint[] _live;

    /// <param name="decide">Null: the input cannot come in this state.</param>
    /// <param name="reduce">Takes away what no decision looks at.</param>
    public Automaton(
        T? first, int inputs, Func<T?, int, Outcome<T>?> decide, Func<T, T> reduce,
        Func<T, string> key, Func<object, Mail?> mailOf)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        Number(first);
        for (var state = 0; state < _rows.Count; state++)
        {
            _moves.Add([.. Enumerable.Range(0, inputs).Select(input => Decide(state, input))]);
        }
        _live = LiveInputs(inputs);

        int Number(T? row)
        {
            var text = row is null ? "none" : key(row);
            if (!known.TryGetValue(text, out var number))
            {
                known.Add(text, number = _rows.Count);
                _rows.Add(row);
                _keys.Add(text);
            }
            return number;
        }

        Move Decide(int state, int input)
        {
            if (decide(_rows[state], input) is not { } outcome)
            {
                return default;
            }
            var sends = outcome.Sends.Select(mailOf).OfType<Mail>()
                .Aggregate(0u, (bits, mail) => bits | 1u << (int)mail);
            var next = outcome.Error is not null ? state
                : Number(outcome.Next is null ? null : reduce(outcome.Next));
            return new Move(true, next, sends, outcome.Error, outcome.RenewsRefund);
        }
    }

    public int Count => _rows.Count;

    public T? Row(int state) => _rows[state];

    public string Name(int state) => _keys[state];

    public Move Next(int state, int input) => _moves[state][input];

    /// <summary>
    /// Inputs that have an effect in this state or in one that may follow it, as bits. A message
    /// that is none of them need not be remembered: delivered again it would do nothing, ever.
    /// </summary>
    public uint Live(int state) => _live[state];

    private uint[] LiveInputs(int inputs)
    {
        var live = new uint[Count];
        for (var changed = true; changed;)
        {
            changed = false;
            for (var state = 0; state < Count; state++)
            {
                var bits = live[state];
                for (var input = 0; input < inputs; input++)
                {
                    var move = _moves[state][input];
                    if (move.Applies)
                    {
                        var acts = move.Next != state || move.Sends != 0 || move.Error is not null;
                        bits |= live[move.Next] | (acts ? 1u << input : 0);
                    }
                }
                changed |= bits != live[state];
                live[state] = bits;
            }
        }
        return live;
    }
}

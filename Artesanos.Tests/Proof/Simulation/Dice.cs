namespace Artesanos.Tests.Proof.Simulation;

/// <summary>
/// The only source of chance, SplitMix64: the same seed gives the same run on every machine and
/// runtime, which System.Random does not promise.
/// </summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <returns>At least <paramref name="from"/>, below <paramref name="to"/>.</returns>
    public int Between(int from, int to) => from + (int)(Next() % (ulong)(to - from));

    public bool Chance(double probability) => (Next() >> 11) * (1.0 / (1ul << 53)) < probability;

    public TimeSpan Between(TimeSpan from, TimeSpan to) =>
        from + TimeSpan.FromTicks((long)(Next() % (ulong)Math.Max(1, (to - from).Ticks)));

    public T OneOf<T>(IReadOnlyList<T> items) => items[Between(0, items.Count)];

    public Guid Id()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, Next());
        BitConverter.TryWriteBytes(bytes[8..], Next());
        return new Guid(bytes);
    }
}

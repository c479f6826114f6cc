namespace Artesanos.Gateway.Routing;

/// <summary>
/// How soon a replica that cannot work is left out: two probes of <c>/health</c> in a row must
/// fail, and one that succeeds brings it back. Section <c>Probes</c>.
/// </summary>
internal sealed class ProbeOptions
{
    public const string Section = "Probes";

    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(1);

    /// <summary>From one probe of a replica to the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A probe without an answer after this has failed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    public IEnumerable<string> Problems() =>
        new[] { (Name: nameof(Interval), Value: Interval), (Name: nameof(Timeout), Value: Timeout) }
            .Where(option => option.Value < Least || option.Value > Most)
            .Select(option => $"{Section}__{option.Name} is not between {Least} and {Most}");
}

using System.ComponentModel.DataAnnotations;

namespace Artesanos.Gateway.Routing;

/// <summary>
/// How soon a replica that cannot work is left out: two probes of <c>/health</c> in a row must
/// fail, and one that succeeds brings it back. Section <c>Probes</c>.
/// </summary>
internal sealed class ProbeOptions
{
    public const string Section = "Probes";

    private const string Least = "00:00:00.010";
    private const string Most = "00:01:00";

    /// <summary>From one probe of a replica to the next.</summary>
    [Range(typeof(TimeSpan), Least, Most,
        ErrorMessage = $"Probes__Interval must be between {Least} and {Most} (hh:mm:ss).")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A probe without an answer after this has failed.</summary>
    [Range(typeof(TimeSpan), Least, Most,
        ErrorMessage = $"Probes__Timeout must be between {Least} and {Most} (hh:mm:ss).")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);
}

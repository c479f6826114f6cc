using System.ComponentModel.DataAnnotations;

namespace Artesanos.Orders.Live;

/// <summary>Section <c>Live</c>: how orders are followed, per replica.</summary>
internal sealed class LiveOptions : IValidatableObject
{
    public const string Section = "Live";

    /// <summary>How often the one reader looks for news of all watched orders.</summary>
    public TimeSpan ReadInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Silence after which a stream says that it is alive.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Streams that one replica serves; one more is answered 503.</summary>
    [Range(1, 100_000, ErrorMessage = "Live__MaxStreams must be between 1 and 100000.")]
    public int MaxStreams { get; init; } = 5_000;

    /// <summary>Streams of one shopper at one replica; one more is answered 429.</summary>
    [Range(1, 100_000, ErrorMessage = "Live__MaxStreamsPerUser must be between 1 and 100000.")]
    public int MaxStreamsPerUser { get; init; } = 20;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ReadInterval < TimeSpan.FromMilliseconds(10) || ReadInterval > TimeSpan.FromMinutes(1))
        {
            yield return new("Live__ReadInterval must be between 00:00:00.01 and 00:01:00.");
        }
        // The gateway ends a connection after 60 seconds of silence.
        if (Heartbeat < TimeSpan.FromSeconds(1) || Heartbeat > TimeSpan.FromSeconds(45))
        {
            yield return new("Live__Heartbeat must be between 00:00:01 and 00:00:45.");
        }
    }
}

namespace Artesanos.Dashboard.Engine;

/// <summary>A process, or what lives inside one, as the engine tells of it. The engine has the
/// same record; secrets are masked before they come here.</summary>
public sealed record ResourceView
{
    public required string Id { get; init; }
    public required string Resource { get; init; }
    public int Replicas { get; init; } = 1;
    public required string Type { get; init; }
    public required string State { get; init; }
    public string? Health { get; init; }

    /// <summary>Why it is not healthy.</summary>
    public string? Reason { get; init; }
    public bool IsPaused { get; init; }
    public int? ProcessId { get; init; }
    public int? ExitCode { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? StoppedAt { get; init; }
    public bool HasProcess { get; init; }
    public IReadOnlyDictionary<string, string> Endpoints { get; init; } =
        new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        new Dictionary<string, string>();

    public bool IsRunning => State is "Running" or "Starting" or "Stopping";
}

/// <summary>A line of a process's output, by the time it arrived at the engine.</summary>
/// <param name="Number">Counts from 1; a gap means that lines are gone.</param>
internal sealed record LogLine(long Number, DateTimeOffset At, string Text);

internal sealed record CommandRefusal(string Message);

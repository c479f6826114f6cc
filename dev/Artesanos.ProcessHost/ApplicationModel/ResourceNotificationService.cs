using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names of the states a resource goes through.</summary>
public static class KnownResourceStates
{
    /// <summary>Not started yet.</summary>
    public static readonly string NotStarted = "NotStarted";

    /// <summary>Waits for its dependencies.</summary>
    public static readonly string Waiting = "Waiting";

    /// <summary>Its process is being started.</summary>
    public static readonly string Starting = "Starting";

    /// <summary>Its process runs.</summary>
    public static readonly string Running = "Running";

    /// <summary>It was told to end.</summary>
    public static readonly string Stopping = "Stopping";

    /// <summary>It ended, with an error or because it was told to.</summary>
    public static readonly string Exited = "Exited";

    /// <summary>It ended by itself, without error.</summary>
    public static readonly string Finished = "Finished";

    /// <summary>It could not be started.</summary>
    public static readonly string FailedToStart = "FailedToStart";

    /// <summary>The states in which no process runs any more.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

/// <summary>A state as text.</summary>
public sealed record ResourceStateSnapshot(string Text, string? Style);

/// <summary>A process of a resource at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>Project, Executable, PostgresServer…</summary>
    public required string ResourceType { get; init; }

    /// <summary>Its state; see <see cref="KnownResourceStates"/>.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>Its exit code after it ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>When its process started.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When its process ended.</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>Healthy once its health checks pass; null while it does not run.</summary>
    public HealthStatus? HealthStatus { get; init; }
}

/// <summary>Something changed.</summary>
public sealed class ResourceEvent(
    IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The process: the resource's name, with a number where it has replicas.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>How it is now.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}

/// <summary>Tells what state each resource is in, and waits for states.</summary>
public sealed class ResourceNotificationService
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResourceEvent> _current = [];
    private readonly List<Channel<ResourceEvent>> _watchers = [];

    // The last log lines of a process, for the message when a wait is in vain.
    internal Func<string, string> DescribeFailure { get; set; } = id => $"Resource '{id}' failed.";

    /// <summary>Every process's present state, then each change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        lock (_gate)
        {
            foreach (var known in _current.Values)
            {
                channel.Writer.TryWrite(known);
            }
            _watchers.Add(channel);
        }
        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return change;
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(channel);
            }
        }
    }

    /// <summary>The present state of a process.</summary>
    /// <param name="resourceId">Its id, or the name of a resource that has one process.</param>
    /// <param name="resourceEvent">The state.</param>
    public bool TryGetCurrentState(
        string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_gate)
        {
            return _current.TryGetValue(resourceId, out resourceEvent);
        }
    }

    /// <summary>Waits until a process of the resource is in a state.</summary>
    public async Task WaitForResourceAsync(
        string resourceName, string? targetState = null,
        CancellationToken cancellationToken = default) =>
        await WaitForResourceAsync(resourceName,
            e => (e.Snapshot.State?.Text ?? "") == (targetState ?? KnownResourceStates.Running),
            cancellationToken);

    /// <summary>Waits until a process of the resource is in one of the states.</summary>
    public async Task<string> WaitForResourceAsync(
        string resourceName, IEnumerable<string> targetStates,
        CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToHashSet();
        var reached = await WaitForResourceAsync(resourceName,
            e => states.Contains(e.Snapshot.State?.Text ?? ""), cancellationToken);
        return reached.Snapshot.State!.Text;
    }

    /// <summary>Waits until a process of the resource meets a condition.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate,
        CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (IsOf(resourceName, change) && predicate(change))
            {
                return change;
            }
        }
        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Waits until every process of the resource is healthy.</summary>
    /// <exception cref="DistributedApplicationException">One of them ended; the message holds its
    /// last log lines.</exception>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, change =>
        {
            if (KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text ?? "")
                && IsCurrent(change))
            {
                throw new DistributedApplicationException(DescribeFailure(change.ResourceId));
            }
            return AllHealthy(resourceName);
        }, cancellationToken);

    internal void Publish(ResourceEvent change)
    {
        lock (_gate)
        {
            _current[change.ResourceId] = change;
            _watchers.ForEach(w => w.Writer.TryWrite(change));
        }
    }

    private static bool IsOf(string name, ResourceEvent change) =>
        string.Equals(change.Resource.Name, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(change.ResourceId, name, StringComparison.OrdinalIgnoreCase);

    // A watcher may lag behind: a process that ended and was started again has not failed.
    private bool IsCurrent(ResourceEvent change) =>
        TryGetCurrentState(change.ResourceId, out var now) && ReferenceEquals(now, change);

    private bool AllHealthy(string resourceName)
    {
        lock (_gate)
        {
            var all = _current.Values.Where(e => IsOf(resourceName, e)).ToList();
            return all.Count > 0
                && all.TrueForAll(e => e.Snapshot.HealthStatus == HealthStatus.Healthy);
        }
    }
}

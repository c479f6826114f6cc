using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Engine;

/// <summary>A signal that asks a process to end, and how long it may take then.</summary>
internal readonly record struct StopStep(int Signal, TimeSpan Grace);

/// <summary>What the engine must know to run one kind of resource.</summary>
internal abstract class ResourceRunner(IResource resource) : IDisposable
{
    public IResource Resource { get; } = resource;

    /// <summary>False for what lives inside another process, as a database does.</summary>
    public virtual bool HasProcess => true;

    public virtual IReadOnlyList<StopStep> StopSteps { get; } =
        [new(ChildProcess.SigTerm, TimeSpan.FromSeconds(15))];

    /// <summary>How to end it together with the application.</summary>
    public virtual IReadOnlyList<StopStep> LastStopSteps => StopSteps;

    /// <summary>Finds whatever is needed, before anything starts.</summary>
    public virtual Task PrepareAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Makes ready, and says which process to start.</summary>
    public virtual Task<ProcessSpec> DescribeAsync(Instance instance, CancellationToken ct) =>
        throw new NotSupportedException($"{Resource.Name} has no process.");

    /// <summary>Null if healthy, else why not.</summary>
    public virtual Task<string?> ProbeAsync(Instance instance, CancellationToken ct) =>
        Task.FromResult<string?>(null);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>What all runners of one run share.</summary>
internal sealed record RunContext(
    EngineOptions Options, DistributedApplicationExecutionContext Execution, RunFolder Folder,
    PortAllocator Ports, EngineConsole Console)
{
    /// <summary>Null where nobody looks.</summary>
    public Dashboard.DashboardProcess? Dashboard { get; init; }

    /// <summary>A server's folder: a volume that stays, or part of the run's own folder.</summary>
    public string DataFolder(IResource resource)
    {
        var volume = resource.Annotations.OfType<VolumeAnnotation>().LastOrDefault();
        return volume is null
            ? Path.Combine(Folder.FullPath, resource.Name)
            : Path.Combine(Folders.Data, Options.AppHostName, volume.Name);
    }

    public ResourceRunner CreateRunner(IResource resource) => resource switch
    {
        ProjectResource project => new ProjectRunner(project, this),
        ExecutableResource executable => new ExecutableRunner(executable, this),
        PostgresServerResource postgres => new Servers.PostgresRunner(postgres, this),
        PostgresDatabaseResource database => new Servers.DatabaseRunner(database),
        NatsServerResource { Cluster: { } cluster } nats =>
            new Servers.NatsClusterRunner(nats, cluster, this),
        NatsServerResource nats => new Servers.NatsRunner(nats, this),
        _ => throw new DistributedApplicationException(
            $"Resource '{resource.Name}' is a {resource.GetType().Name}, which the process engine "
            + "cannot run: it starts no containers. Build with -p:AppHostEngine=Aspire."),
    };
}

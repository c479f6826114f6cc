namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a wait is for.</summary>
public enum WaitType
{
    /// <summary>The dependency runs and is healthy.</summary>
    WaitUntilHealthy,

    /// <summary>The dependency ended with an exit code.</summary>
    WaitForCompletion,
}

/// <summary>One resource waits for another before it starts.</summary>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0)
    : IResourceAnnotation
{
    /// <summary>Whom it waits for.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What for.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>The exit code that counts as completion.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>How many processes of the resource run side by side.</summary>
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>The number, at least one.</summary>
    public int Replicas { get; } = replicas;
}

/// <summary>Fills in environment variables when the process is about to start.</summary>
public sealed class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback)
    : IResourceAnnotation
{
    /// <summary>The callback.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>What an environment callback works on.</summary>
public sealed class EnvironmentCallbackContext(
    DistributedApplicationExecutionContext executionContext, IResource resource,
    Dictionary<string, object> environmentVariables, CancellationToken cancellationToken)
{
    /// <summary>Whether the application runs or is published.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>Whose environment.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Name → text or <see cref="IValueProvider"/>.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables;

    /// <summary>Ends the start.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

internal sealed class ArgumentsAnnotation(IReadOnlyList<object> arguments) : IResourceAnnotation
{
    public IReadOnlyList<object> Arguments { get; } = arguments;
}

internal sealed class HttpHealthCheckAnnotation(string path, int statusCode, string? endpointName)
    : IResourceAnnotation
{
    public string Path { get; } = path;
    public int StatusCode { get; } = statusCode;
    public string? EndpointName { get; } = endpointName;
}

internal sealed class ProjectMetadataAnnotation(IProjectMetadata project, LaunchProfile? profile)
    : IResourceAnnotation
{
    public IProjectMetadata Project { get; } = project;
    public LaunchProfile? Profile { get; } = profile;
}

internal sealed class VolumeAnnotation(string name) : IResourceAnnotation
{
    public string Name { get; } = name;
}

internal sealed class JetStreamAnnotation : IResourceAnnotation;

internal sealed class ExplicitStartAnnotation : IResourceAnnotation;

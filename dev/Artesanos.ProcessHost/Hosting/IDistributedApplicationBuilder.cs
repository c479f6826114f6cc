using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Collects the parts of the application, then builds it.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Command line, environment, user secrets and appsettings of the AppHost.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>Folder of the AppHost's project.</summary>
    string AppHostDirectory { get; }

    /// <summary>Development, unless <c>DOTNET_ENVIRONMENT</c> says otherwise.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>Services of the AppHost itself.</summary>
    IServiceCollection Services { get; }

    /// <summary>Whether the application runs or is published.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The parts so far.</summary>
    IList<IResource> Resources { get; }

    /// <summary>Adds a part.</summary>
    IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;

    /// <summary>A builder for a part that was added or will be.</summary>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource;

    /// <summary>Ends the description.</summary>
    DistributedApplication Build();
}

/// <summary>Describes one part; every method returns the builder again.</summary>
public interface IResourceBuilder<out T> where T : IResource
{
    /// <summary>The application it belongs to.</summary>
    IDistributedApplicationBuilder ApplicationBuilder { get; }

    /// <summary>The part.</summary>
    T Resource { get; }

    /// <summary>Attaches a fact.</summary>
    IResourceBuilder<T> WithAnnotation<TAnnotation>(
        TAnnotation annotation,
        ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
        where TAnnotation : IResourceAnnotation;
}

/// <summary>What happens to earlier annotations of the same type.</summary>
public enum ResourceAnnotationMutationBehavior
{
    /// <summary>They stay.</summary>
    Append,

    /// <summary>They are removed.</summary>
    Replace,
}

/// <summary>What the application is being executed for.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>To run here and now.</summary>
    Run,

    /// <summary>To be published; the process engine does not.</summary>
    Publish,
}

/// <summary>Whether the application runs or is published.</summary>
public sealed class DistributedApplicationExecutionContext(
    DistributedApplicationOperation operation)
{
    /// <summary>What for.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>It runs.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>It is published.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;
}

/// <summary>The application cannot start or go on; the message says why and what to do.</summary>
public class DistributedApplicationException : Exception
{
    /// <inheritdoc/>
    public DistributedApplicationException()
    {
    }

    /// <inheritdoc/>
    public DistributedApplicationException(string message) : base(message)
    {
    }

    /// <inheritdoc/>
    public DistributedApplicationException(string message, Exception inner) : base(message, inner)
    {
    }
}

/// <summary>Where a project is; implemented by the generated classes in <c>Projects</c>.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>Full path of the project file.</summary>
    string ProjectPath { get; }
}

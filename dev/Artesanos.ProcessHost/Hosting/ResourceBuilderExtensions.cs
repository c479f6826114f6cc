using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>What can be said of any resource: dependencies, health, endpoints.</summary>
public static class ResourceBuilderExtensions
{
    /// <summary>Hands over the connection string as <c>ConnectionStrings__name</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(source);
        _ = optional;
        if (builder is IResourceBuilder<ProjectResource> service
            && source.Resource is NatsServerResource nats)
        {
            NatsClusterWiring.Connect(service, nats);
        }
        return builder.WithEnvironment(context => context.EnvironmentVariables[
            $"ConnectionStrings__{connectionName ?? source.Resource.Name}"] = source.Resource);
    }

    /// <summary>Tells the process where every endpoint of the other is.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(source);
        return builder.WithEnvironment(context =>
        {
            foreach (var endpoint in source.Resource.Annotations.OfType<EndpointAnnotation>())
            {
                AddServiceDiscovery(context, new(source.Resource, endpoint.Name));
            }
        });
    }

    /// <summary>Tells the process where an endpoint is.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(endpointReference);
        return builder.WithEnvironment(context => AddServiceDiscovery(context, endpointReference));
    }

    /// <summary>Tells the process where a service outside the application is.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, string name, Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(uri);
        return builder.WithEnvironment($"services__{name}__default__0", uri.ToString());
    }

    /// <summary>Starts after the other runs and is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dependency);
        return builder.WithAnnotation(
            new WaitAnnotation(dependency.Resource, WaitType.WaitUntilHealthy));
    }

    /// <summary>Starts after the other has ended with the exit code.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dependency);
        return builder.WithAnnotation(
            new WaitAnnotation(dependency.Resource, WaitType.WaitForCompletion, exitCode));
    }

    /// <summary>Healthy when GET answers with the status code.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null,
        string? endpointName = null) where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(
            new HttpHealthCheckAnnotation(path ?? "/", statusCode ?? 200, endpointName));
    }

    /// <summary>Adds an HTTP endpoint.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="port">Fixed port in run mode; null for a free one.</param>
    /// <param name="targetPort">In the process engine the same as <paramref name="port"/>.</param>
    /// <param name="name">Name; <c>http</c> if null.</param>
    /// <param name="env">Environment variable that tells the process its port.</param>
    /// <param name="isProxied">Without meaning here: there is no proxy.</param>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null,
        string? name = null, string? env = null, bool isProxied = true)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        _ = isProxied;
        return builder.WithAnnotation(
            new EndpointAnnotation(name ?? "http", "http", port ?? targetPort)
            {
                PortVariable = env,
            });
    }

    /// <summary>Marks the HTTP endpoints as meant for the world outside.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>())
        {
            endpoint.IsExternal = true;
        }
        return builder;
    }

    /// <summary>A reference to one of the resource's endpoints.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        return new(builder.Resource, name);
    }

    /// <summary>Appends arguments to the command line.</summary>
    public static IResourceBuilder<T> WithArgs<T>(
        this IResourceBuilder<T> builder, params string[] args) where T : IResourceWithArgs
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ArgumentsAnnotation(args));
    }

    /// <summary>Appends arguments to the command line.</summary>
    public static IResourceBuilder<T> WithArgs<T>(
        this IResourceBuilder<T> builder, params object[] args) where T : IResourceWithArgs
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ArgumentsAnnotation(args));
    }

    /// <summary>Does not start with the application, only on command.</summary>
    public static IResourceBuilder<T> WithExplicitStart<T>(this IResourceBuilder<T> builder)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ExplicitStartAnnotation());
    }

    // Every replica is listed: the client's service discovery spreads the calls.
    private static void AddServiceDiscovery(
        EnvironmentCallbackContext context, EndpointReference endpoint)
    {
        for (var i = 0; i < endpoint.Ports.Count; i++)
        {
            var key = string.Create(CultureInfo.InvariantCulture,
                $"services__{endpoint.Resource.Name}__{endpoint.EndpointName}__{i}");
            context.EnvironmentVariables[key] = endpoint.UrlAt(endpoint.Ports[i]);
        }
    }
}

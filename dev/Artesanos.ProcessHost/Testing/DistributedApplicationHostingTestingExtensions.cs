using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>What a test asks a running application.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    /// <summary>A client whose base address is the resource's endpoint.</summary>
    public static HttpClient CreateHttpClient(
        this DistributedApplication app, string resourceName, string? endpointName = default) =>
        new() { BaseAddress = app.GetEndpoint(resourceName, endpointName) };

    /// <summary>Where the resource listens; the first replica where there are several.</summary>
    public static Uri GetEndpoint(
        this DistributedApplication app, string resourceName, string? endpointName = default)
    {
        var resource = Find(app, resourceName) as IResourceWithEndpoints
            ?? throw new ArgumentException($"Resource '{resourceName}' has no endpoints.");
        string[] names = endpointName is null ? ["https", "http"] : [endpointName];
        var endpoint = names.Select(n => new EndpointReference(resource, n))
            .FirstOrDefault(e => e.IsAllocated);
        return endpoint is null
            ? throw new ArgumentException(
                $"Resource '{resourceName}' has no endpoint '{endpointName}'.")
            : new(endpoint.Url);
    }

    /// <summary>The connection string that <c>WithReference</c> hands out.</summary>
    public static ValueTask<string?> GetConnectionStringAsync(
        this DistributedApplication app, string resourceName,
        CancellationToken cancellationToken = default) =>
        Find(app, resourceName) is IResourceWithConnectionString resource
            ? resource.GetConnectionStringAsync(cancellationToken)
            : throw new ArgumentException($"Resource '{resourceName}' has no connection string.");

    private static IResource Find(DistributedApplication app, string resourceName)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentException.ThrowIfNullOrEmpty(resourceName);
        var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        if (!lifetime.ApplicationStarted.IsCancellationRequested)
        {
            throw new InvalidOperationException("The application has not been started.");
        }
        return app.Services.GetRequiredService<DistributedApplicationModel>().Resources
            .FirstOrDefault(r => string.Equals(
                r.Name, resourceName, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"There is no resource '{resourceName}'.");
    }
}

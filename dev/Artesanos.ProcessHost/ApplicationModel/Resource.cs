using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A fact attached to a resource: an endpoint, a dependency, a variable.</summary>
public interface IResourceAnnotation;

/// <summary>The annotations of one resource, in the order in which they were added.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>A part of the application: a service, a server, a database, a parameter.</summary>
public interface IResource
{
    /// <summary>Unique name; also the host name in service discovery.</summary>
    string Name { get; }

    /// <summary>Everything that was said about the resource.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>A resource that lives inside another, as a database does in its server.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The resource it lives in.</summary>
    IResource Parent { get; }
}

/// <inheritdoc cref="IResourceWithParent"/>
public interface IResourceWithParent<out T> : IResourceWithParent where T : IResource
{
    /// <summary>The resource it lives in.</summary>
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}

/// <summary>A resource whose process takes environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource whose process takes arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that listens.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource whose endpoints others find by its name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A resource that can wait for others.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>Something whose value is known once the application starts.</summary>
public interface IValueProvider
{
    /// <summary>The value, or null when there is none.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>Something that has a placeholder, as in <c>{orders.bindings.http.url}</c>.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The placeholder.</summary>
    string ValueExpression { get; }
}

/// <summary>A resource that clients reach through a connection string.</summary>
public interface IResourceWithConnectionString
    : IResource, IValueProvider, IManifestExpressionProvider
{
    /// <summary>What the connection string is made of.</summary>
    ReferenceExpression ConnectionStringExpression { get; }

    /// <summary>The connection string.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) =>
        GetConnectionStringAsync(cancellationToken);
}

/// <summary>Name and annotations: what every resource has.</summary>
public abstract class Resource(string name) : IResource
{
    /// <inheritdoc/>
    public virtual string Name { get; } = ResourceName.Check(name);

    /// <inheritdoc/>
    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}

internal static class ResourceName
{
    private const int _maxLength = 64;

    // The name becomes part of environment variables, host names and file names.
    public static string Check(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var valid = name.Length <= _maxLength && char.IsAsciiLetter(name[0]) && name[^1] != '-'
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && !name.Contains("--", StringComparison.Ordinal);
        return valid ? name : throw new ArgumentException(
            $"Resource name '{name}' must start with a letter and hold only ASCII letters, digits "
            + $"and single hyphens, at most {_maxLength}.", nameof(name));
    }
}

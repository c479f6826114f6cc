using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint that a resource will listen on.</summary>
public sealed class EndpointAnnotation(string name, string uriScheme, int? port)
    : IResourceAnnotation
{
    /// <summary>Its name, by which <c>GetEndpoint</c> finds it.</summary>
    public string Name { get; } = name;

    /// <summary><c>http</c> or <c>tcp</c>.</summary>
    public string UriScheme { get; } = uriScheme;

    /// <summary>The fixed port; null for a free one.</summary>
    public int? Port { get; set; } = port;

    /// <summary>Whether it is meant for the world outside.</summary>
    public bool IsExternal { get; set; }

    // The environment variable that tells the process its port, as WithHttpEndpoint(env:) asks.
    internal string? PortVariable { get; init; }

    // One port per replica, allocated before any process starts so that references may be cyclic.
    internal List<int> AllocatedPorts { get; } = [];
}

/// <summary>Which part of an endpoint is meant.</summary>
public enum EndpointProperty
{
    /// <summary>Scheme, host and port.</summary>
    Url,

    /// <summary>The host name.</summary>
    Host,

    /// <summary>The host's loopback address.</summary>
    IPV4Host,

    /// <summary>The port.</summary>
    Port,

    /// <summary>The scheme.</summary>
    Scheme,

    /// <summary>The port the process listens on.</summary>
    TargetPort,

    /// <summary>Host and port.</summary>
    HostAndPort,
}

/// <summary>A resource's endpoint, to be used before it is known where it will be.</summary>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName)
    : IValueProvider, IManifestExpressionProvider
{
    /// <summary>Whose endpoint.</summary>
    public IResourceWithEndpoints Resource { get; } = owner;

    /// <summary>Which of its endpoints.</summary>
    public string EndpointName { get; } = endpointName;

    /// <summary>Whether the resource has an endpoint of that name.</summary>
    public bool Exists => Find() is not null;

    /// <summary>Whether its port is known.</summary>
    public bool IsAllocated => Find() is { AllocatedPorts.Count: > 0 };

    /// <summary>Its scheme.</summary>
    public string Scheme => Annotation.UriScheme;

    /// <summary>Its host.</summary>
    public string Host { get; } = "localhost";

    /// <summary>Its port.</summary>
    public int Port => Ports[0];

    /// <summary>Its URL; the first replica's where there are several.</summary>
    public string Url => UrlAt(Port);

    /// <inheritdoc/>
    public string ValueExpression => $"{{{Resource.Name}.bindings.{EndpointName}.url}}";

    internal EndpointAnnotation Annotation => Find() ?? throw new InvalidOperationException(
        $"Resource '{Resource.Name}' has no endpoint '{EndpointName}'.");

    internal IReadOnlyList<int> Ports => Annotation.AllocatedPorts is { Count: > 0 } ports
        ? ports
        : throw new InvalidOperationException(
            $"Endpoint '{EndpointName}' of resource '{Resource.Name}' has no port before the "
            + "application starts.");

    /// <summary>One part of the endpoint.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        new(Url);

    internal string UrlAt(int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{Host}:{port}");

    private EndpointAnnotation? Find() => Resource.Annotations.OfType<EndpointAnnotation>()
        .FirstOrDefault(
            e => string.Equals(e.Name, EndpointName, StringComparison.OrdinalIgnoreCase));
}

/// <summary>One part of an endpoint, as a value.</summary>
public sealed class EndpointReferenceExpression(
    EndpointReference endpoint, EndpointProperty property)
    : IValueProvider, IManifestExpressionProvider
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpoint;

    /// <summary>The part.</summary>
    public EndpointProperty Property { get; } = property;

    /// <inheritdoc/>
    public string ValueExpression =>
        $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{Property}}}";

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var port = Endpoint.Port.ToString(CultureInfo.InvariantCulture);
        return new(Property switch
        {
            EndpointProperty.Url => Endpoint.Url,
            EndpointProperty.Host => Endpoint.Host,
            EndpointProperty.IPV4Host => "127.0.0.1",
            EndpointProperty.Port or EndpointProperty.TargetPort => port,
            EndpointProperty.Scheme => Endpoint.Scheme,
            EndpointProperty.HostAndPort => $"{Endpoint.Host}:{port}",
            _ => throw new InvalidOperationException($"Unknown endpoint property '{Property}'."),
        });
    }
}

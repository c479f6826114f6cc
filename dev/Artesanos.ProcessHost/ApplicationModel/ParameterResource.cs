namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from configuration <c>Parameters:name</c>, or one given in code.</summary>
public class ParameterResource : Resource, IValueProvider, IManifestExpressionProvider
{
    private readonly Func<string?> _read;

    /// <summary>A parameter whose value the callback finds; it is asked each time.</summary>
    internal ParameterResource(string name, Func<string?> read, bool secret) : base(name)
    {
        _read = read;
        Secret = secret;
    }

    /// <summary>Whether the value must not be shown.</summary>
    public bool Secret { get; }

    /// <summary>The name that configuration knows it by.</summary>
    public string ValueExpression => $"{{{Name}.value}}";

    // A server's generated password is persisted with its data, so it is known only when that
    // data was found: it replaces what the callback says.
    internal string? Override { get; set; }

    internal bool IsGenerated { get; init; }

    internal bool HasValue => Override is not null || _read() is not null;

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        new(Override ?? _read() ?? throw new DistributedApplicationException(
            $"Parameter '{Name}' has no value."));
}

using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Adds parameters.</summary>
public static class ParameterResourceBuilderExtensions
{
    private const int _passwordLength = 22;

    /// <summary>A value that must come from outside: configuration <c>Parameters:name</c>.
    /// Hyphens may be underscores there, since shells cannot export a name with hyphens.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new ParameterResource(
            name, () => FromConfiguration(builder.Configuration, name), secret));
    }

    /// <summary>A value given in code.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value,
        bool publishValueAsDefault = false, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        _ = publishValueAsDefault;
        return builder.AddResource(new ParameterResource(name, () => value, secret));
    }

    // A server's password: from configuration, else generated. It is no resource of its own.
    internal static ParameterResource CreatePassword(
        this IDistributedApplicationBuilder builder, string name)
    {
        var generated = RandomNumberGenerator.GetString(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", _passwordLength);
        var configured = FromConfiguration(builder.Configuration, name);
        return new(name, () => configured ?? generated, secret: true)
        {
            IsGenerated = configured is null,
        };
    }

    private static string? FromConfiguration(ConfigurationManager configuration, string name) =>
        NullIfEmpty(configuration[$"Parameters:{name}"])
        ?? NullIfEmpty(configuration[$"Parameters:{name.Replace('-', '_')}"]);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

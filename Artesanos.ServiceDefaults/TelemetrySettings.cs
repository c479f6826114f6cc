using Microsoft.Extensions.Configuration;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// The values of <c>OTEL_*</c> that the library would pass over in silence: traces would be
/// missing, and nobody would know why.
/// </summary>
internal static class TelemetrySettings
{
    public const string DisabledKey = "OTEL_SDK_DISABLED";
    public const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    public const string SamplerKey = "OTEL_TRACES_SAMPLER";

    private const string ProtocolKey = "OTEL_EXPORTER_OTLP_PROTOCOL";

    private static readonly string[] Booleans = ["true", "false"];
    private static readonly string[] Protocols = ["grpc", "http/protobuf"];
    private static readonly string[] Samplers =
    [
        "always_on", "always_off", "traceidratio",
        "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio",
    ];

    /// <exception cref="WrongSettingException">A value means nothing.</exception>
    public static void Check(IConfiguration configuration)
    {
        OneOf(Booleans, DisabledKey, configuration);
        OneOf(Protocols, ProtocolKey, configuration);
        OneOf(Samplers, SamplerKey, configuration);
        var endpoint = configuration[EndpointKey];
        if (!string.IsNullOrEmpty(endpoint)
            && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
                && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)))
        {
            throw new WrongSettingException($"{EndpointKey} is not an absolute http(s) address: "
                + "set it to your collector's, such as http://collector:4317, or remove it.");
        }
    }

    private static void OneOf(string[] known, string key, IConfiguration configuration)
    {
        var value = configuration[key];
        if (!string.IsNullOrEmpty(value)
            && !known.Contains(value, StringComparer.OrdinalIgnoreCase))
        {
            throw new WrongSettingException(
                $"{key} must be one of {string.Join(", ", known)}; or remove it.");
        }
    }
}

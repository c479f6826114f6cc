using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Artesanos.ServiceDefaults;

/// <summary>What one request may cost. Section <c>Limits</c>.</summary>
public sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>Largest request body, in bytes. An order of 100 lines takes about 8 KiB.</summary>
    public long RequestBodyMaxBytes { get; set; } = 64 * 1024;

    /// <summary>Largest sum of all request headers, in bytes.</summary>
    public int RequestHeadersMaxBytes { get; set; } = 16 * 1024;

    /// <summary>
    /// Longest time a request may take, <c>hh:mm:ss</c>; then 504. Live streams opt out with
    /// <c>DisableRequestTimeout()</c>.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

internal static class Limits
{
    private const long BodyCeilingBytes = 16 * 1024 * 1024;
    private const int HeadersCeilingBytes = 256 * 1024;

    public static void AddLimits(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<LimitsOptions>(LimitsOptions.Section)
            .Validate(limits => limits.RequestBodyMaxBytes is > 0 and <= BodyCeilingBytes,
                "Limits__RequestBodyMaxBytes must be between 1 and 16777216 (bytes).")
            .Validate(limits => limits.RequestHeadersMaxBytes is >= 1024 and <= HeadersCeilingBytes,
                "Limits__RequestHeadersMaxBytes must be between 1024 and 262144 (bytes).")
            .Validate(limits => limits.RequestTimeout > TimeSpan.Zero
                    && limits.RequestTimeout <= TimeSpan.FromMinutes(10),
                "Limits__RequestTimeout must be between 00:00:01 and 00:10:00 (hh:mm:ss).");

        services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitsOptions>>(
            (kestrel, limits) =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = limits.Value.RequestBodyMaxBytes;
                kestrel.Limits.MaxRequestHeadersTotalSize = limits.Value.RequestHeadersMaxBytes;
                kestrel.Limits.MaxRequestHeaderCount = 64;
                kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            });

        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<LimitsOptions>>(
            (timeouts, limits) => timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = limits.Value.RequestTimeout,
                TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
            });
    }
}

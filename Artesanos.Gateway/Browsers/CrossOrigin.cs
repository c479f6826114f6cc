using Artesanos.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Artesanos.Gateway.Browsers;

/// <summary>Which other sites' pages may call us. Section <c>Cors</c>; by default none.</summary>
internal sealed class CorsSettings
{
    public const string Section = "Cors";

    /// <summary>Origins of shop fronts, such as <c>https://shop.example</c>.</summary>
    public IReadOnlyList<string> Origins { get; set; } = [];
}

internal static class CrossOrigin
{
    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromMinutes(10);

    public static void AddCrossOrigin(this WebApplicationBuilder builder)
    {
        builder.Services.AddCors();
        builder.Services.AddSettings<CorsSettings>(CorsSettings.Section)
            .Validate(cors => cors.Origins.All(IsOrigin),
                "Cors__Origins__0 and each further one must be an origin such as "
                + "https://shop.example, without a path; a star is not possible.");
    }

    /// <summary>Before authentication: a preflight has no token. Tokens are no cookies, so
    /// credentials are never allowed.</summary>
    public static void UseCrossOrigin(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<IOptions<CorsSettings>>().Value.Origins;
        if (origins.Count == 0)
        {
            return;
        }
        app.UseCors(policy => policy
            .WithOrigins([.. origins])
            .WithMethods("GET", "POST", "PUT")
            .WithHeaders("Authorization", "Content-Type", "Idempotency-Key", "If-Match",
                "If-None-Match", "Last-Event-ID")
            .WithExposedHeaders("ETag", "Location", "Retry-After", "RateLimit",
                "RateLimit-Policy")
            .SetPreflightMaxAge(PreflightLifetime));
    }

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.Ordinal);
}

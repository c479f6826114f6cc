using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// One way to check a token for the gateway and every service. The gateway forwards it and each
/// service checks it again, so a service reached directly is no open door.
/// </summary>
internal static class BearerTokens
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan IssuerTimeout = TimeSpan.FromSeconds(5);

    public static void AddBearerTokens(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsCheck>();
        services.AddSettings<AuthOptions>(AuthOptions.Section);

        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.RemoveKeyRing();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IOptions<AuthOptions>, IHostEnvironment>((bearer, auth, environment) =>
                Configure(bearer, auth.Value, environment.IsDevelopment()));

        var authorization = services.AddAuthorizationBuilder().SetFallbackPolicy(
            new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var role in Roles.All)
            authorization.AddPolicy(role, policy => policy.RequireRole(role));
    }

    // AddAuthentication loads, and on the first start writes, a ring of keys for cookies. These
    // hosts have no cookies, and a container's home may be read-only.
    private static void RemoveKeyRing(this IServiceCollection services)
    {
        var keyRing = services.SingleOrDefault(service =>
            service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Assembly == typeof(IDataProtectionBuilder).Assembly);
        if (keyRing is not null)
            services.Remove(keyRing);
    }

    private static void Configure(JwtBearerOptions bearer, AuthOptions auth, bool development)
    {
        bearer.MapInboundClaims = false;
        bearer.SaveToken = false;
        // The library's description quotes values of a token that may not be genuine.
        bearer.IncludeErrorDetails = false;
        bearer.BackchannelTimeout = IssuerTimeout;
        bearer.RequireHttpsMetadata = !development;
        bearer.Authority = auth.Authority;
        bearer.TokenValidationParameters = Parameters(auth);
        bearer.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                NestedRoles.Add(context.Principal, auth.RoleClaim);
                context.Principal = OnlySubjectAndRoles(context.Principal, auth.RoleClaim);
                return RefuseWithoutSubject(context);
            },
            OnChallenge = NameTheError,
            OnForbidden = NameTheMissingRole,
        };
    }

    internal static TokenValidationParameters Parameters(AuthOptions auth)
    {
        var parameters = new TokenValidationParameters
        {
            ValidAudience = auth.Audience,
            ValidIssuer = auth.Issuer,
            ValidateIssuer = true,
            ValidateAudience = true,
            ValidateLifetime = true,
            ValidateIssuerSigningKey = true,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = ClockSkew,
            NameClaimType = Caller.SubjectClaim,
            RoleClaimType = auth.RoleClaim,
            ValidAlgorithms =
            [
                SecurityAlgorithms.EcdsaSha256,
                SecurityAlgorithms.RsaSha256,
                SecurityAlgorithms.RsaSsaPssSha256,
            ],
        };
        if (string.IsNullOrWhiteSpace(auth.PublicKey))
            return parameters;

        parameters.ValidIssuer = auth.Issuer ?? AuthOptions.DevelopmentIssuer;
        parameters.ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256];
        parameters.IssuerSigningKey = new ECDsaSecurityKey(DevelopmentKey.Import(auth.PublicKey));
        return parameters;
    }

    // Nothing else of a token is asked for, and a stream would hold all of it for minutes: with
    // copies of the claims neither the token nor its other claims stay in memory.
    private static ClaimsPrincipal OnlySubjectAndRoles(ClaimsPrincipal? caller, string roleClaim) =>
        new(new ClaimsIdentity(
            (caller?.Claims ?? [])
                .Where(claim => claim.Type == Caller.SubjectClaim || claim.Type == roleClaim)
                .Select(claim => new Claim(claim.Type, claim.Value)),
            JwtBearerDefaults.AuthenticationScheme, Caller.SubjectClaim, roleClaim));

    private static Task RefuseWithoutSubject(TokenValidatedContext context)
    {
        var subject = context.Principal?.FindFirst(Caller.SubjectClaim)?.Value;
        if (string.IsNullOrWhiteSpace(subject) || subject.Length > Caller.SubjectMaxLength)
            context.Fail("The token's subject is missing or too long.");
        return Task.CompletedTask;
    }

    private static Task NameTheMissingRole(ForbiddenContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_scope\"";
        return Task.CompletedTask;
    }

    private static async Task NameTheError(JwtBearerChallengeContext context)
    {
        if (await IssuerOutage.ExplainsAsync(context))
        {
            context.HandleResponse();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "5";
            return;
        }

        if (context.AuthenticateFailure is not null)
        {
            context.Error = "invalid_token";
            if (context.AuthenticateFailure is SecurityTokenExpiredException)
                context.ErrorDescription = "The token expired";
        }
    }
}

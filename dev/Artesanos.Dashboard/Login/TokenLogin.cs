using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Artesanos.Dashboard.Login;

/// <summary>
/// The token of the printed URL becomes a cookie. The cookie is made of the token alone, so that
/// a dashboard that was started again still knows its visitors.
/// </summary>
internal sealed class TokenLogin(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder,
    DashboardOptions dashboard)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "Token";

    // Cookies know no ports: two dashboards must not overwrite each other's.
    public static string CookieName(DashboardOptions options) =>
        $"artesanos-dashboard-{options.Port}";

    public static string CookieValue(DashboardOptions options) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(options.Token), "dashboard cookie"u8));

    public static bool AreEqual(string? given, string expected) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(given ?? ""), Encoding.UTF8.GetBytes(expected));

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var cookie = Request.Cookies[CookieName(dashboard)];
        if (!AreEqual(cookie, CookieValue(dashboard)))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }
        var developer = new ClaimsIdentity([new(ClaimTypes.Name, "developer")], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(
            new(new ClaimsPrincipal(developer), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // A person gets the page that says where the token is; a script gets its answer.
        if (Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            Response.Redirect(LoginPage.Path);
        }
        else
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        return Task.CompletedTask;
    }
}

internal static class TokenLoginSetup
{
    public static void AddLogin(this WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(TokenLogin.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, TokenLogin>(TokenLogin.SchemeName, null);
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(
            new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        // Its keys protect forms and circuits, which end with the process.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
    }
}

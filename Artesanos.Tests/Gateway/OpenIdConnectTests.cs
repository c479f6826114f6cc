using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Artesanos.Gateway.Routing;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using Xunit;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Artesanos.Tests.Gateway;

/// <summary>
/// Tokens of a real OpenID Connect issuer, found by its metadata: at the gateway and again at
/// the service behind it.
/// </summary>
public sealed class OpenIdConnectTests : IAsyncLifetime
{
    private WebApplication _issuer = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Logging.ClearProviders();
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode();
            server.SetTokenEndpointUris("token");
            server.AllowClientCredentialsFlow();
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            server.DisableAccessTokenEncryption();
            server.UseAspNetCore().DisableTransportSecurityRequirement();
            server.AddEventHandler<ValidateTokenRequestContext>(handler =>
                handler.UseInlineHandler(_ => default));
            server.AddEventHandler<HandleTokenRequestContext>(handler =>
                handler.UseInlineHandler(SignIn));
        });
        _issuer = builder.Build();
        _issuer.UseAuthentication();
        await _issuer.StartAsync(Ct);
    }

    public ValueTask DisposeAsync() => _issuer.DisposeAsync();

    [Theory]
    [InlineData("role", "role")]
    [InlineData("groups", "groups")]
    [InlineData("realm_access.roles", "realm_access")]
    public async Task Its_tokens_open_what_their_role_allows_at_gateway_and_service(
        string roleClaim, string issued)
    {
        await using var service = await ServiceAsync(roleClaim);
        await using var gateway = Gateway(service, roleClaim);
        using var client = gateway.CreateClient();
        var shopper = await TokenAsync("shopper", "artesanos", issued);
        var @operator = await TokenAsync("operator", "artesanos", issued);

        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, "/orders", shopper));
        Assert.Equal(HttpStatusCode.Forbidden,
            await GetAsync(client, "/orders/operations/stuck", shopper));
        Assert.Equal(HttpStatusCode.OK,
            await GetAsync(client, "/orders/operations/stuck", @operator));
    }

    [Fact]
    public async Task Its_tokens_for_another_audience_and_tokens_of_others_are_refused()
    {
        await using var service = await ServiceAsync("role");
        await using var gateway = Gateway(service, "role");
        using var client = gateway.CreateClient();
        using var direct = new HttpClient { BaseAddress = new Uri(service.Urls.Single()) };
        var elsewhere = await TokenAsync("operator", "others", "role");
        var development = new TokenKeys().Issue();

        foreach (var token in new[] { elsewhere, development })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(client, "/orders", token));
            Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(direct, "/orders", token));
        }
    }

    [Fact]
    public async Task While_the_issuer_is_away_nobody_is_called_a_liar()
    {
        await using var service = await ServiceAsync("role");
        await using var gateway = Gateway(service, "role");
        using var client = gateway.CreateClient();
        var token = await TokenAsync("shopper", "artesanos", "role");
        await _issuer.StopAsync(Ct);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync(client, "/orders", token));
    }

    private static ValueTask SignIn(HandleTokenRequestContext context)
    {
        var role = (string)context.Request.GetParameter("as")!;
        var claim = (string)context.Request.GetParameter("claim")!;
        var identity = new ClaimsIdentity("issuer");
        identity.SetClaim(OpenIddictConstants.Claims.Subject, "ana");
        if (claim == "realm_access")
        {
            identity.SetClaim(
                claim, JsonSerializer.SerializeToElement(new { roles = new[] { role } }));
        }
        else
        {
            identity.SetClaim(claim, role);
        }
        identity.SetAudiences((string)context.Request.GetParameter("for")!);
        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.AccessToken]);
        context.SignIn(new ClaimsPrincipal(identity));
        return default;
    }

    private async Task<string> TokenAsync(string role, string audience, string claim)
    {
        using var client = new HttpClient { BaseAddress = new Uri(_issuer.Urls.Single()) };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "shop",
            ["client_secret"] = "unused",
            ["as"] = role,
            ["for"] = audience,
            ["claim"] = claim,
        });
        using var answer = await client.PostAsync("/token", form, Ct);
        var issued = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        return issued.GetProperty("access_token").GetString()!;
    }

    private async Task<WebApplication> ServiceAsync(string roleClaim)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Auth:Authority"] = _issuer.Urls.Single(),
            ["Auth:RoleClaim"] = roleClaim,
        });
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        var service = builder.Build();
        service.UseServiceDefaults();
        service.MapGet("/orders", (ClaimsPrincipal caller) => caller.Subject());
        service.MapGet("/orders/operations/stuck", () => "[]")
            .RequireAuthorization(Roles.Operator);
        await service.StartAsync(Ct);
        return service;
    }

    private OfflineHost<DestinationsKnown> Gateway(WebApplication service, string roleClaim) => new(
        ("services:orders:http:0", service.Urls.Single()),
        ("Auth:Authority", _issuer.Urls.Single()),
        ("Auth:RoleClaim", roleClaim));

    private static async Task<HttpStatusCode> GetAsync(
        HttpClient client, string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await client.SendAsync(request, Ct);
        return answer.StatusCode;
    }
}

using System.Security.Cryptography;
using System.Text;
using Artesanos.ServiceDefaults;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace Artesanos.Tests.Gateway;

public class TokenValidationTests
{
    private static readonly TokenKeys Keys = new();

    [Fact]
    public async Task A_development_token_is_accepted_with_its_subject_and_role()
    {
        var result = await Validate(Keys.Issue("ana", "operator"));

        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal("ana", result.ClaimsIdentity.Name);
        Assert.True(new System.Security.Claims.ClaimsPrincipal(result.ClaimsIdentity)
            .IsInRole(Roles.Operator));
    }

    [Fact]
    public async Task A_token_for_another_audience_is_refused() =>
        await AssertRefused<SecurityTokenInvalidAudienceException>(Keys.Issue(audience: "others"));

    [Fact]
    public async Task A_token_of_another_issuer_is_refused() =>
        await AssertRefused<SecurityTokenInvalidIssuerException>(Keys.Issue(issuer: "others"));

    [Fact]
    public async Task A_token_signed_with_another_key_is_refused() =>
        await AssertRefused<SecurityTokenSignatureKeyNotFoundException>(new TokenKeys().Issue());

    [Fact]
    public async Task An_expired_token_is_refused() =>
        await AssertRefused<SecurityTokenExpiredException>(
            Keys.Issue(age: TimeSpan.FromMinutes(61)));

    [Fact]
    public async Task A_token_that_expired_within_the_clock_skew_is_accepted() =>
        Assert.True((await Validate(Keys.Issue(age: TimeSpan.FromSeconds(3_615)))).IsValid);

    [Fact]
    public async Task An_unsigned_token_is_refused()
    {
        var claims = Keys.Issue().Split('.')[1];
        var unsigned = $"{Encoded("""{"alg":"none","typ":"JWT"}""")}.{claims}.";

        await AssertRefused<SecurityTokenInvalidSignatureException>(unsigned);
    }

    [Fact]
    public async Task The_public_key_used_as_a_shared_secret_is_refused()
    {
        var content = $"{Encoded("""{"alg":"HS256","typ":"JWT"}""")}.{Keys.Issue().Split('.')[1]}";
        var signature = HMACSHA256.HashData(
            Convert.FromBase64String(Keys.PublicKey), Encoding.ASCII.GetBytes(content));

        await AssertRefused<SecurityTokenException>(
            $"{content}.{Base64UrlEncoder.Encode(signature)}");
    }

    [Fact]
    public async Task A_changed_role_breaks_the_signature()
    {
        var parts = Keys.Issue(role: "shopper").Split('.');
        var claims = Base64UrlEncoder.Decode(parts[1]).Replace("shopper", "operator");

        await AssertRefused<SecurityTokenException>($"{parts[0]}.{Encoded(claims)}.{parts[2]}");
    }

    private static string Encoded(string json) => Base64UrlEncoder.Encode(json);

    private static Task<TokenValidationResult> Validate(string token) =>
        new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(
            token, BearerTokens.Parameters(new AuthOptions { PublicKey = Keys.PublicKey }));

    private static async Task AssertRefused<TException>(string token)
        where TException : SecurityTokenException
    {
        var result = await Validate(token);
        Assert.False(result.IsValid);
        Assert.IsType<TException>(result.Exception, exactMatch: false);
    }
}

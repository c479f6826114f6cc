using System.Security.Cryptography;
using Artesanos.Gateway.DevelopmentTokens;
using Artesanos.ServiceDefaults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using Xunit;

namespace Artesanos.Tests.Gateway;

public class AuthOptionsTests
{
    private const string Authority = "https://issuer.example";

    private static readonly TokenKeys Keys = new();

    [Fact]
    public void Development_takes_a_public_key() =>
        Assert.True(Check(new() { PublicKey = Keys.PublicKey }).Succeeded);

    [Fact]
    public void Production_takes_an_https_authority() =>
        Assert.True(Check(new() { Authority = Authority }, Environments.Production).Succeeded);

    [Fact]
    public void Production_refuses_development_tokens() =>
        AssertNames("Auth__PublicKey", Check(
            new() { PublicKey = Keys.PublicKey }, Environments.Production));

    [Fact]
    public void Production_refuses_an_authority_without_https() =>
        AssertNames("Auth__Authority", Check(
            new() { Authority = "http://issuer.example" }, Environments.Production));

    [Fact]
    public void Nothing_configured_names_the_key_that_is_missing()
    {
        AssertNames("Auth__PublicKey is missing", Check(new()));
        AssertNames("Auth__Authority is missing", Check(new(), Environments.Production));
    }

    [Fact]
    public void Two_sources_of_trust_are_refused() =>
        AssertNames("both", Check(new() { PublicKey = Keys.PublicKey, Authority = Authority }));

    [Fact]
    public void A_key_on_another_curve_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var other = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        AssertNames("P-256", Check(new() { PublicKey = other }));
        AssertNames("P-256", Check(new() { PublicKey = "not base64" }));
    }

    [Fact]
    public void The_signing_key_is_for_development_only()
    {
        AssertNames("Auth__SigningKey", CheckSigning(Keys.SigningKey, Environments.Production));
        Assert.True(CheckSigning(null, Environments.Production).Succeeded);
        Assert.True(CheckSigning(Keys.SigningKey, Environments.Development).Succeeded);
    }

    [Fact]
    public void The_signing_key_must_be_the_public_keys_other_half() =>
        AssertNames("does not belong", CheckSigning(
            new TokenKeys().SigningKey, Environments.Development));

    private static ValidateOptionsResult Check(
        AuthOptions options, string environment = "Development") =>
        new AuthOptionsCheck(In(environment)).Validate(null, options);

    private static ValidateOptionsResult CheckSigning(string? key, string environment) =>
        new SigningKeyCheck(In(environment), Options.Create(
            new AuthOptions { PublicKey = Keys.PublicKey }))
            .Validate(null, new SigningKeyOptions { SigningKey = key });

    private static HostingEnvironment In(string environment) =>
        new() { EnvironmentName = environment };

    private static void AssertNames(string expected, ValidateOptionsResult result)
    {
        Assert.True(result.Failed);
        Assert.Contains(expected, result.FailureMessage);
    }
}

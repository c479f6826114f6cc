using System.Security.Cryptography;
using Artesanos.Gateway.DevelopmentTokens;
using Artesanos.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Artesanos.Tests.Gateway;

/// <summary>A pair of keys as the AppHost makes it, and an issuer that signs with it.</summary>
internal sealed class TokenKeys
{
    public TokenKeys()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        SigningKey = Convert.ToBase64String(key.ExportPkcs8PrivateKey());
        PublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }

    public string SigningKey { get; }

    public string PublicKey { get; }

    public string Issue(
        string subject = "ana",
        string role = "shopper",
        string audience = "artesanos",
        string issuer = AuthOptions.DevelopmentIssuer,
        TimeSpan age = default) =>
        new TokenIssuer(
            Options.Create(new SigningKeyOptions { SigningKey = SigningKey }),
            Options.Create(new AuthOptions { Audience = audience, Issuer = issuer }),
            new EarlierTime(age)).Issue(subject, role);

    private sealed class EarlierTime(TimeSpan age) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - age;
    }
}

using Artesanos.ServiceDefaults;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Artesanos.Gateway.DevelopmentTokens;

/// <summary>Signs ES256 tokens as an OpenID Connect issuer would, for whoever asks.</summary>
internal sealed class TokenIssuer(
    IOptions<SigningKeyOptions> signing, IOptions<AuthOptions> auth, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly JsonWebTokenHandler _handler =
        new() { SetDefaultTimesOnTokenCreation = false };

    private readonly SigningCredentials _credentials = new(
        new ECDsaSecurityKey(SigningKeyCheck.Import(signing.Value.SigningKey!)),
        SecurityAlgorithms.EcdsaSha256);

    public string Issue(string subject, string role)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = auth.Value.Issuer ?? AuthOptions.DevelopmentIssuer,
            Audience = auth.Value.Audience,
            IssuedAt = now,
            Expires = now + Lifetime,
            SigningCredentials = _credentials,
            Claims = new Dictionary<string, object>
            {
                [JwtRegisteredClaimNames.Sub] = subject,
                ["role"] = role,
                [JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7().ToString(),
            },
        });
    }
}

using System.Security.Cryptography;
using Artesanos.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Artesanos.Gateway.DevelopmentTokens;

/// <summary>
/// The private half of <c>Auth:PublicKey</c>. Whoever holds it is anybody, so only the gateway
/// gets it, and only in Development.
/// </summary>
internal sealed class SigningKeyOptions
{
    /// <summary>Base64 PKCS#8 of an EC P-256 key; absent: there is no /dev/token.</summary>
    public string? SigningKey { get; set; }
}

internal sealed class SigningKeyCheck(IHostEnvironment environment, IOptions<AuthOptions> auth)
    : IValidateOptions<SigningKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, SigningKeyOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.SigningKey))
            return ValidateOptionsResult.Success;

        if (!environment.IsDevelopment())
        {
            return ValidateOptionsResult.Fail(
                "Auth__SigningKey gives a token to anyone who asks and is refused in "
                + $"{environment.EnvironmentName}: remove it, Auth__Authority issues them.");
        }

        try
        {
            using var key = Import(options.SigningKey);
            return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()) == auth.Value.PublicKey
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(
                    "Auth__SigningKey does not belong to Auth__PublicKey: take both from one "
                    + "start of Artesanos.AppHost.");
        }
        catch (Exception wrong) when (wrong is FormatException or CryptographicException)
        {
            return ValidateOptionsResult.Fail(
                "Auth__SigningKey is not the base64 PKCS#8 of an EC P-256 key: start the gateway "
                + "through Artesanos.AppHost, or remove it.");
        }
    }

    /// <exception cref="FormatException">Not base64.</exception>
    /// <exception cref="CryptographicException">Not an EC key.</exception>
    public static ECDsa Import(string signingKey)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(signingKey), out _);
        return key;
    }
}

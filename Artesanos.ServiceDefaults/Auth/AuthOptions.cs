using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// Whose tokens are accepted, section <c>Auth</c>: either <see cref="Authority"/>, or in
/// Development the holder of the private half of <see cref="PublicKey"/>.
/// </summary>
public sealed class AuthOptions
{
    public const string Section = "Auth";

    /// <summary>The issuer of development tokens unless <see cref="Issuer"/> says other.</summary>
    public const string DevelopmentIssuer = "artesanos-dev";

    /// <summary>Base64 SubjectPublicKeyInfo of an EC P-256 key (ES256). Development only.</summary>
    public string? PublicKey { get; set; }

    /// <summary>Address of an OpenID Connect issuer; https outside Development.</summary>
    public string? Authority { get; set; }

    /// <summary>The value a token's <c>aud</c> must hold.</summary>
    public string Audience { get; set; } = "artesanos";

    /// <summary>
    /// The value of <c>iss</c>; by default what the authority's metadata says, or
    /// <see cref="DevelopmentIssuer"/>.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>
    /// The claim that holds the roles; with a dot where the issuer keeps them inside an object
    /// (<c>realm_access.roles</c>).
    /// </summary>
    public string RoleClaim { get; set; } = Caller.RoleClaim;
}

internal sealed class AuthOptionsCheck(IHostEnvironment environment) : IValidateOptions<AuthOptions>
{
    private const string SetAuthority =
        "set Auth__Authority to the https address of your OpenID Connect issuer";

    private const string UseAppHost =
        "start the services through Artesanos.AppHost, which makes a key at every start";

    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var problem = Problem(options);
        return problem is null
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(problem);
    }

    private string? Problem(AuthOptions options)
    {
        var development = environment.IsDevelopment();
        var hasKey = !string.IsNullOrWhiteSpace(options.PublicKey);
        var hasAuthority = !string.IsNullOrWhiteSpace(options.Authority);

        if (string.IsNullOrWhiteSpace(options.Audience))
            return "Auth__Audience is empty: remove it (the default is artesanos) or name one.";

        if (string.IsNullOrWhiteSpace(options.RoleClaim))
            return "Auth__RoleClaim is empty: remove it (the default is role) or name one.";

        if (options.Issuer is not null && string.IsNullOrWhiteSpace(options.Issuer))
            return "Auth__Issuer is empty: remove it (the authority names itself) or name one.";

        return (hasKey, hasAuthority) switch
        {
            (true, true) =>
                "Auth__PublicKey and Auth__Authority are both set: keep one, so that it is "
                + "clear whose tokens are accepted.",
            (false, false) when development =>
                $"Auth__PublicKey is missing: {UseAppHost}; or {SetAuthority}.",
            (false, false) => $"Auth__Authority is missing: {SetAuthority}.",
            (true, false) when !development =>
                "Auth__PublicKey accepts development tokens and is refused in "
                + $"{environment.EnvironmentName}: remove it and {SetAuthority}.",
            (true, false) => KeyProblem(options.PublicKey!),
            (false, true) => AuthorityProblem(options.Authority!, development),
        };
    }

    private static string? KeyProblem(string publicKey)
    {
        try
        {
            using var key = DevelopmentKey.Import(publicKey);
            return null;
        }
        catch (Exception wrong) when (wrong is FormatException or CryptographicException)
        {
            return "Auth__PublicKey is not the base64 SubjectPublicKeyInfo of an EC P-256 key: "
                + $"{UseAppHost}, or make one with: openssl ec -pubout -outform DER | base64 -w0";
        }
    }

    private static string? AuthorityProblem(string authority, bool development)
    {
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
        {
            return $"Auth__Authority is not an absolute address: {SetAuthority}.";
        }

        return address.Scheme == Uri.UriSchemeHttp && !development
            ? $"Auth__Authority must use https outside Development: {SetAuthority}."
            : null;
    }
}

/// <summary>The public half of the key that signs development tokens.</summary>
internal static class DevelopmentKey
{
    /// <exception cref="FormatException">Not base64.</exception>
    /// <exception cref="CryptographicException">Not an EC P-256 key.</exception>
    public static ECDsa Import(string publicKey)
    {
        var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
        return key.KeySize == 256
            ? key
            : throw new CryptographicException("The curve is not P-256.");
    }
}

using System.Text.Json.Serialization;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Artesanos.Gateway.DevelopmentTokens;

/// <summary>
/// <c>POST /dev/token</c>: stands in for an OpenID Connect issuer in Development, where the key
/// is made at each start. Elsewhere the endpoint does not exist.
/// </summary>
internal static class IssueToken
{
    internal sealed record Request(string Sub, string Role);

    internal sealed record Issued(
        [property: JsonPropertyName("access_token")] string AccessToken,
        [property: JsonPropertyName("token_type")] string TokenType,
        [property: JsonPropertyName("expires_in")] int ExpiresInSeconds);

    public static void AddDevelopmentTokens(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<SigningKeyOptions>, SigningKeyCheck>();
        builder.Services.AddSettings<SigningKeyOptions>(AuthOptions.Section);
        builder.Services.AddSingleton<TokenIssuer>();
    }

    public static void MapDevelopmentTokens(this WebApplication app)
    {
        var hasKey = !string.IsNullOrWhiteSpace(
            app.Configuration[$"{AuthOptions.Section}:{nameof(SigningKeyOptions.SigningKey)}"]);
        if (hasKey && app.Environment.IsDevelopment())
            app.MapPost("/dev/token", Issue).AllowAnonymous();
    }

    internal static Results<Ok<Issued>, ProblemHttpResult> Issue(
        Request request, TokenIssuer issuer)
    {
        var errors = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(request.Sub) || request.Sub.Length > Caller.SubjectMaxLength)
            errors["sub"] = [$"must have 1 to {Caller.SubjectMaxLength} characters"];
        if (!Roles.All.Contains(request.Role))
            errors["role"] = [$"must be one of: {string.Join(", ", Roles.All)}"];
        if (errors.Count > 0)
            return Problems.Validation(errors);

        return TypedResults.Ok(new Issued(
            issuer.Issue(request.Sub, request.Role),
            "Bearer",
            (int)TokenIssuer.Lifetime.TotalSeconds));
    }
}

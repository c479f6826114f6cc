using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Artesanos.ServiceDefaults;

/// <summary>The slug and title of a status for which nobody gave a better one.</summary>
internal static class ProblemKinds
{
    public static (string Slug, string Title) For(int status) => status switch
    {
        400 => ("bad-request", "The request is malformed"),
        401 => ("unauthorized", "A valid bearer token is required"),
        403 => ("forbidden", "The token does not allow this"),
        404 => ("not-found", "There is nothing here"),
        405 => ("method-not-allowed", "The resource does not support this method"),
        408 => ("request-too-slow", "The request arrived too slowly"),
        409 => ("conflict", "The current state does not allow this"),
        412 => ("version-changed", "It was changed meanwhile"),
        413 => ("body-too-large", "The request body is too large"),
        415 => ("unsupported-media-type", "The content type is not supported"),
        422 => ("unprocessable", "The request cannot be fulfilled"),
        428 => ("version-required", "The version that the change is based on is missing"),
        429 => ("too-many-requests", "Too many requests"),
        500 => ("internal-error", "Something failed on our side"),
        502 => ("service-unreachable", "A service could not be reached"),
        503 => ("unavailable", "The service is not available now"),
        504 => ("timeout", "The answer took too long"),
        _ => (
            "status-" + status.ToString(CultureInfo.InvariantCulture),
            ReasonPhrases.GetReasonPhrase(status)),
    };
}

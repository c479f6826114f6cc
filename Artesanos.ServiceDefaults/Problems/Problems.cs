using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// Expected failures as RFC 9457 problem details. A problem's <c>type</c> is the relative
/// reference <c>/problems/{slug}</c>: clients decide by it, so a slug never changes its meaning;
/// <c>title</c> and <c>detail</c> are for people. The trace id is added on writing.
/// </summary>
public static class Problems
{
    internal const string TypePrefix = "/problems/";

    /// <summary>400 <c>/problems/validation</c>, one field (<c>lines[0].quantity</c>).</summary>
    public static ProblemHttpResult Validation(string field, string message) =>
        Validation(new Dictionary<string, string[]> { [field] = [message] });

    /// <summary>400 <c>/problems/validation</c>, every wrong field with its messages.</summary>
    public static ProblemHttpResult Validation(IDictionary<string, string[]> errors) =>
        TypedResults.Problem(ValidationDetails(errors));

    /// <summary>404 <c>/problems/not-found</c>; also for what belongs to somebody else.</summary>
    public static ProblemHttpResult NotFound(string detail) =>
        Of(StatusCodes.Status404NotFound, "not-found", detail);

    /// <summary>403 <c>/problems/forbidden</c>.</summary>
    public static ProblemHttpResult Forbidden(string detail) =>
        Of(StatusCodes.Status403Forbidden, "forbidden", detail);

    /// <summary>409: the state does not allow it; <paramref name="slug"/> says why.</summary>
    public static ProblemHttpResult Conflict(string slug, string detail) =>
        Of(StatusCodes.Status409Conflict, slug, detail);

    /// <summary>422: well-formed but not possible; <paramref name="slug"/> says why.</summary>
    public static ProblemHttpResult Unprocessable(string slug, string detail) =>
        Of(StatusCodes.Status422UnprocessableEntity, slug, detail);

    /// <summary>503: a dependency is away, trying again later may help.</summary>
    public static ProblemHttpResult Unavailable(string slug, string detail) =>
        Of(StatusCodes.Status503ServiceUnavailable, slug, detail);

    /// <summary>Any other status with its own slug.</summary>
    public static ProblemHttpResult Of(int status, string slug, string detail) =>
        TypedResults.Problem(new ProblemDetails
        {
            Status = status,
            Type = TypePrefix + slug,
            Title = ProblemKinds.For(status).Title,
            Detail = detail,
        });

    internal static HttpValidationProblemDetails ValidationDetails(
        IDictionary<string, string[]> errors) => new(errors)
        {
            Status = StatusCodes.Status400BadRequest,
            Type = TypePrefix + "validation",
            Title = "The request is not valid",
        };
}

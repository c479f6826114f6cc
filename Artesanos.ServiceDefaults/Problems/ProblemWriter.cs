using System.Diagnostics;
using System.Net.Mime;
using Microsoft.AspNetCore.Http;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// Writes every problem of the host: gives it its stable type and the trace id. It writes for any
/// <c>Accept</c>: the framework's own writer leaves the body empty for a client that asked for an
/// event stream.
/// </summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var problem = context.ProblemDetails;
        problem.Status ??= http.Response.StatusCode;

        // The framework fills in a link to the HTTP specification; that is not our type.
        if (problem.Type?.StartsWith(Problems.TypePrefix, StringComparison.Ordinal) != true)
        {
            var (slug, title) = ProblemKinds.For(problem.Status.Value);
            problem.Type = Problems.TypePrefix + slug;
            problem.Title = title;
        }

        problem.Extensions["traceId"] =
            Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
        http.Response.StatusCode = problem.Status.Value;
        return new ValueTask(http.Response.WriteAsJsonAsync(
            problem, problem.GetType(), options: null,
            MediaTypeNames.Application.ProblemJson, http.RequestAborted));
    }
}

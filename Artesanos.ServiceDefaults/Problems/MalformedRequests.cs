using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// A request the framework could not read is answered with its 4xx and, where it is known, the
/// field. Our own words: the exceptions' messages name .NET types.
/// </summary>
internal sealed partial class MalformedRequests(IProblemDetailsService problems) : IExceptionHandler
{
    private static readonly string[] IsRequired = ["is required"];

    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException malformed)
            return false;

        httpContext.Response.StatusCode = malformed.StatusCode;
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = Describe(malformed),
        });
    }

    internal static ProblemDetails Describe(BadHttpRequestException malformed)
    {
        if (malformed.StatusCode != StatusCodes.Status400BadRequest)
            return new ProblemDetails { Status = malformed.StatusCode };
        if (malformed.InnerException is JsonException json)
            return Describe(json);

        if (malformed.Message.Contains("body", StringComparison.Ordinal))
        {
            return new ProblemDetails
            {
                Status = malformed.StatusCode,
                Detail = "A JSON body is required here.",
            };
        }

        var parameter = ParameterName().Match(malformed.Message);
        return parameter.Success
            ? OneField(
                JsonNamingPolicy.CamelCase.ConvertName(parameter.Groups["name"].Value),
                "is missing or has the wrong form")
            : new ProblemDetails { Status = malformed.StatusCode };
    }

    private static ProblemDetails Describe(JsonException json)
    {
        var missing = MissingNames().Match(json.Message);
        if (missing.Success)
        {
            var prefix = Field(json.Path);
            return Problems.ValidationDetails(QuotedName().Matches(missing.Groups["names"].Value)
                .Select(name => name.Groups["name"].Value)
                .ToDictionary(
                    name => prefix.Length == 0 ? name : $"{prefix}.{name}",
                    _ => IsRequired));
        }

        var field = Field(json.Path);
        if (field.Length > 0 && json.InnerException is not JsonException)
            return OneField(field, "has the wrong type, is null, or is given twice");

        return new ProblemDetails
        {
            Status = StatusCodes.Status400BadRequest,
            Detail = json.LineNumber is { } line && json.BytePositionInLine is { } position
                ? $"The body is not valid JSON: line {line + 1}, byte {position + 1}."
                : "The body is not the JSON that is expected here.",
        };
    }

    private static HttpValidationProblemDetails OneField(string field, string message) =>
        Problems.ValidationDetails(new Dictionary<string, string[]> { [field] = [message] });

    // "$.lines[0].quantity" → "lines[0].quantity"; "$" → "".
    private static string Field(string? path) => path?.TrimStart('$').TrimStart('.') ?? "";

    // Failed to bind parameter "Guid id" from "x". / Required parameter "int take" was not …
    [GeneratedRegex("parameter \"[^\"]*?(?<name>[^\" ]+)\"", RegexOptions.None, 100)]
    private static partial Regex ParameterName();

    [GeneratedRegex("missing required properties including: (?<names>.*)", RegexOptions.None, 100)]
    private static partial Regex MissingNames();

    [GeneratedRegex("'(?<name>[^']+)'", RegexOptions.None, 100)]
    private static partial Regex QuotedName();
}

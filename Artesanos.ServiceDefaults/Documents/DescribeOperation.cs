using System.Globalization;
using System.Net.Mime;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Artesanos.ServiceDefaults;

/// <summary>Adds to an operation who may call it, what can go wrong, and its examples.</summary>
internal sealed class DescribeOperation : IOpenApiOperationTransformer
{
    public Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var document = context.Document!;
        operation.Responses ??= [];
        DescribeParameters(operation, metadata);
        AddProblems(operation, document, FailuresOf(operation, metadata));
        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security =
            [
                new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(ApiDocument.Bearer, document)] = [],
                },
            ];
        }
        if (Role(metadata) is { } role)
        {
            operation.Description = $"{operation.Description} Needs the role {role}.".TrimStart();
        }
        foreach (var example in metadata.OfType<ApiDescription.Request>())
        {
            operation.RequestBody ??= UntypedBody();
            SetExample(operation.RequestBody.Content, example.Json);
        }
        foreach (var example in metadata.OfType<ApiDescription.Response>())
        {
            var status = example.Status.ToString(CultureInfo.InvariantCulture);
            SetExample(operation.Responses.TryGetValue(status, out var response)
                ? response.Content : null, example.Json);
        }
        return Task.CompletedTask;
    }

    private static void DescribeParameters(OpenApiOperation operation, IList<object> metadata)
    {
        var handler = metadata.OfType<MethodInfo>().Single();
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Description = XmlComments.Of(handler, parameter.Name!);
        }
    }

    private static IEnumerable<ApiDescription.Failure> FailuresOf(
        OpenApiOperation operation, IList<object> metadata)
    {
        if (operation.RequestBody is not null || operation.Parameters is { Count: > 0 })
        {
            yield return new(400, "validation");
        }
        if (operation.RequestBody is not null)
        {
            yield return new(400, "bad-request");
            yield return new(413, "body-too-large");
            yield return new(415, "unsupported-media-type");
        }
        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            yield return new(401, "unauthorized");
        }
        if (Role(metadata) is not null)
        {
            yield return new(403, "forbidden");
        }
        foreach (var failure in metadata.OfType<ApiDescription.Failure>())
        {
            yield return failure;
        }
        yield return new(429, "too-many-requests");
        yield return new(503, "unavailable");
    }

    private static void AddProblems(
        OpenApiOperation operation, OpenApiDocument document,
        IEnumerable<ApiDescription.Failure> failures)
    {
        foreach (var status in failures.GroupBy(failure => failure.Status))
        {
            operation.Responses![status.Key.ToString(CultureInfo.InvariantCulture)] =
                new OpenApiResponse
                {
                    Description = string.Join(", ", status.Select(failure =>
                        Problems.TypePrefix + failure.Slug).Distinct()),
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        [MediaTypeNames.Application.ProblemJson] = new()
                        {
                            Schema = new OpenApiSchemaReference(
                                ApiDocument.ProblemSchema, document),
                        },
                    },
                };
        }
    }

    private static string? Role(IList<object> metadata) => metadata.OfType<IAuthorizeData>()
        .Select(authorize => authorize.Policy).FirstOrDefault(policy => policy is not null);

    /// <summary>Of a handler that reads the bytes itself.</summary>
    private static OpenApiRequestBody UntypedBody() => new()
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [MediaTypeNames.Application.Json] = new()
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.Object },
            },
        },
    };

    private static void SetExample(IDictionary<string, OpenApiMediaType>? content, string json)
    {
        foreach (var media in content?.Values ?? [])
        {
            media.Example = JsonNode.Parse(json);
        }
    }
}

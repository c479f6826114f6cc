using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Artesanos.ServiceDefaults;

/// <summary>
/// The OpenAPI document of a service at <c>/openapi/v1.json</c>, inside only: the gateway serves
/// one of all that is public.
/// </summary>
public static class ApiDocument
{
    internal const string Bearer = "bearer";
    internal const string ProblemSchema = "Problem";

    public static void AddApiDocument(
        this WebApplicationBuilder builder, string title, string description)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOpenApi(options =>
        {
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new() { Title = title, Version = "v1", Description = description };
                // Whoever reads it knows where it came from; a test's address must not stay in it.
                document.Servers = [];
                AddShared(document);
                return Task.CompletedTask;
            });
            options.AddSchemaTransformer<DescribeSchema>();
            options.AddOperationTransformer<DescribeOperation>();
        });
    }

    public static void MapApiDocument(this WebApplication app) => app.MapOpenApi().AllowAnonymous();

    private static void AddShared(OpenApiDocument document)
    {
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Bearer,
            BearerFormat = "JWT",
            Description = "A token of the configured OpenID Connect issuer; in Development of "
                + "POST /dev/token.",
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[ProblemSchema] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "RFC 9457. Decide by type; title and detail are for people.",
            Required = new HashSet<string> { "type", "title", "status", "traceId" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text("One of docs/errors.md, such as /problems/validation."),
                ["title"] = Text("What went wrong, the same for every problem of the type."),
                ["status"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Description = "The HTTP status.",
                },
                ["detail"] = Text("What went wrong this time."),
                ["traceId"] = Text("Names the request in our logs and traces."),
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Description = "Of /problems/validation: each wrong field with its messages.",
                    AdditionalProperties = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Array,
                        Items = new OpenApiSchema { Type = JsonSchemaType.String },
                    },
                },
            },
        };
    }

    private static OpenApiSchema Text(string description) =>
        new() { Type = JsonSchemaType.String, Description = description };
}

using System.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Artesanos.ServiceDefaults;

/// <summary>Gives a schema and its properties the comments of the type and its properties.</summary>
internal sealed class DescribeSchema : IOpenApiSchemaTransformer
{
    // The framework's names: a schema that stands among the components, and what a property says
    // of it where it only refers to it.
    private const string Name = "x-schema-id";
    private const string BesideReference = "x-ref-description";

    public Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken)
    {
        schema.Description ??= XmlComments.Of(context.JsonTypeInfo.Type);
        if (context.JsonPropertyInfo?.AttributeProvider is PropertyInfo property
            && XmlComments.Of(property) is { } comment)
        {
            if (schema.Metadata is { } metadata
                && metadata.TryGetValue(Name, out var name) && name is string { Length: > 0 })
            {
                metadata[BesideReference] = comment;
            }
            else
            {
                schema.Description = comment;
            }
        }
        return Task.CompletedTask;
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Xunit;

namespace Artesanos.Tests.Documents;

/// <summary>
/// A reader of the documents needs no source: all that they name is described, and their examples
/// are what the schemas say. The documents read here are those that the services serve
/// (<see cref="OpenApiDocumentTests"/>).
/// </summary>
public sealed class OpenApiDescriptionTests
{
    public static TheoryData<string> Documents { get; } =
        ["gateway", "orders", "payments", "inventory"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task A_document_is_valid_OpenAPI(string name)
    {
        using var bytes = new MemoryStream(
            Encoding.UTF8.GetBytes(Repository.Read($"docs/openapi/{name}.json")));

        var read = await OpenApiDocument.LoadAsync(bytes, "json", cancellationToken: Ct);

        Assert.Empty(read.Diagnostic!.Errors.Select(error => error.ToString()));
        Assert.Empty(read.Diagnostic.Warnings.Select(warning => warning.ToString()));
        Assert.NotEmpty(read.Document!.Paths);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_schema_property_and_parameter_is_described(string name)
    {
        var document = Read(name);
        var silent = new List<string>();
        foreach (var (schema, shape) in document["components"]!["schemas"]!.AsObject())
        {
            silent.AddRange(IsDescribed(shape) ? [] : [schema]);
            silent.AddRange((shape!["properties"]?.AsObject() ?? [])
                .Where(property => !IsDescribed(property.Value))
                .Select(property => $"{schema}.{property.Key}"));
        }
        foreach (var (operation, shape) in Operations(document))
        {
            silent.AddRange((shape["parameters"]?.AsArray() ?? [])
                .Where(parameter => !IsDescribed(parameter))
                .Select(parameter => $"{operation} {parameter!["name"]}"));
        }
        Assert.Empty(silent);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_operation_says_what_it_does_who_may_and_what_can_go_wrong(string name)
    {
        foreach (var (operation, shape) in Operations(Read(name)))
        {
            var statuses = shape["responses"]!.AsObject().Select(answer => answer.Key).ToList();
            Assert.True(shape["summary"] is not null, operation);
            Assert.True(statuses.Contains("429") && statuses.Contains("503"), operation);
            Assert.True(statuses.Contains("401") == shape["security"] is not null, operation);
            Assert.True(shape["parameters"] is null || statuses.Contains("400"), operation);
            Assert.True(!operation.Contains("{id}") || statuses.Contains("404"), operation);
            Assert.True(!operation.Contains("/operations/") || statuses.Contains("403"), operation);
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_body_has_an_example_of_its_schema(string name)
    {
        var document = Read(name);
        foreach (var (operation, shape) in Operations(document))
        {
            var bodies = shape["responses"]!.AsObject()
                .Where(answer => answer.Key[0] == '2').Select(answer => answer.Value)
                .Append(shape["requestBody"])
                .SelectMany(body => body?["content"]?.AsObject() ?? [])
                .Select(content => content.Value!);
            foreach (var body in bodies)
            {
                Assert.True(body["example"] is not null, $"{operation} has no example");
                AssertShape(document, body["schema"]!, body["example"], operation);
            }
        }
    }

    private static void AssertShape(
        JsonNode document, JsonNode schema, JsonNode? example, string at)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            schema = document["components"]!["schemas"]![reference.Split('/')[^1]]!;
        }
        switch (example)
        {
            case JsonArray items:
                Assert.All(items, item => AssertShape(document, schema["items"]!, item, at));
                break;
            case JsonObject fields when schema["properties"] is JsonObject properties:
                Assert.Empty(fields.Select(field => field.Key)
                    .Except(properties.Select(property => property.Key)));
                Assert.Empty((schema["required"]?.AsArray() ?? [])
                    .Select(field => (string)field!).Except(fields.Select(field => field.Key)));
                Assert.All(fields, field => AssertShape(
                    document, properties[field.Key]!, field.Value, $"{at} {field.Key}"));
                break;
            default:
                Assert.True(Types(schema).Contains(KindOf(example)), $"{at}: {example}");
                break;
        }
    }

    private static IEnumerable<string> Types(JsonNode schema) => schema["type"] switch
    {
        JsonArray types => types.Select(type => (string)type!),
        { } type => [(string)type!],
        _ => [],
    };

    private static string KindOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.Number => "integer",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.String => "string",
        _ => "object",
    };

    private static JsonNode Read(string name) =>
        JsonNode.Parse(Repository.Read($"docs/openapi/{name}.json"))!;

    private static IEnumerable<(string Name, JsonNode Shape)> Operations(JsonNode document) =>
        document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
            .Select(method => ($"{method.Key} {path.Key}", method.Value!)));

    /// <summary>What may be null or another schema is described by that one.</summary>
    private static bool IsDescribed(JsonNode? node) =>
        !string.IsNullOrWhiteSpace((string?)node!["description"])
        || (node["oneOf"]?.AsArray() ?? []).Any(choice => choice!["$ref"] is not null);
}

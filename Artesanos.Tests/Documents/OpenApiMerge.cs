using System.Text.Json.Nodes;

namespace Artesanos.Tests.Documents;

/// <summary>Makes one document of the services' documents, for the gateway.</summary>
internal static class OpenApiMerge
{
    private const string Description =
        "The shop's API: orders, products and payments. Problems are RFC 9457; their types are "
        + "in docs/errors.md, examples with curl in docs/api.md.";

    /// <exception cref="InvalidOperationException">Two services mean different things by one
    /// name.</exception>
    public static JsonObject Merge(IEnumerable<JsonObject> services)
    {
        var merged = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Artesanos",
                ["description"] = Description,
                ["version"] = "v1",
            },
            ["paths"] = new JsonObject(),
            ["components"] = new JsonObject(),
            ["tags"] = new JsonArray(),
        };
        foreach (var service in services)
        {
            merged["openapi"] = service["openapi"]!.DeepClone();
            AddAll(merged["paths"]!.AsObject(), service["paths"]!.AsObject());
            foreach (var (kind, items) in service["components"]!.AsObject())
            {
                var target = merged["components"]!.AsObject();
                target[kind] ??= new JsonObject();
                AddAll(target[kind]!.AsObject(), items!.AsObject());
            }
            foreach (var tag in service["tags"]?.AsArray() ?? [])
            {
                if (!merged["tags"]!.AsArray().Any(known => JsonNode.DeepEquals(known, tag)))
                {
                    merged["tags"]!.AsArray().Add(tag!.DeepClone());
                }
            }
        }
        return merged;
    }

    private static void AddAll(JsonObject target, JsonObject items)
    {
        foreach (var (name, item) in items)
        {
            if (target[name] is { } known && !JsonNode.DeepEquals(known, item))
            {
                throw new InvalidOperationException($"Two services describe {name} differently.");
            }
            target[name] = item!.DeepClone();
        }
    }
}

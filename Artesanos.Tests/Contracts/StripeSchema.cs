using System.Text.Json;
using System.Text.Json.Nodes;

namespace Artesanos.Tests.Contracts;

/// <summary>What Stripe publishes of its objects (<c>stripe-schema.json</c>), to hold answers
/// against, at every depth: no field missing, none that Stripe does not have, each of its type,
/// null only where Stripe says null, and no word that Stripe does not use.</summary>
internal sealed class StripeSchema
{
    private readonly JsonObject _schemas;
    private readonly JsonObject _enums;

    private StripeSchema(JsonNode file)
    {
        _schemas = file["schemas"]!.AsObject();
        _enums = file["enums"]!.AsObject();
    }

    public static StripeSchema Read() => new(JsonNode.Parse(
        Repository.Read("Artesanos.Tests", "Contracts", "stripe-schema.json"))!);

    /// <summary>What is wrong with an object, one line each; empty where nothing is.</summary>
    public IReadOnlyList<string> Faults(string schema, JsonNode? json)
    {
        var faults = new List<string>();
        CheckObject(schema, json as JsonObject ?? [], schema, faults);
        return faults;
    }

    private void CheckObject(string schema, JsonObject json, string path, List<string> faults)
    {
        var known = new HashSet<string>();
        foreach (var (key, type) in _schemas[schema]!.AsObject())
        {
            var name = key.TrimEnd('?');
            known.Add(name);
            if (json.TryGetPropertyValue(name, out var value))
            {
                CheckValue((string)type!, value, $"{path}.{name}", faults);
            }
            else if (name == key)
            {
                faults.Add($"{path}.{name} is missing");
            }
        }

        faults.AddRange(json.Select(field => field.Key).Where(name => !known.Contains(name))
            .Select(name => $"{path}.{name} is not a field of Stripe's"));
    }

    private void CheckValue(string type, JsonNode? value, string path, List<string> faults)
    {
        var alternatives = type.StartsWith('[') && type.EndsWith(']') ? [type] : type.Split(" | ");
        if (type.StartsWith('[') && type.IndexOf(']') is var end && end < type.Length - 1)
        {
            alternatives = [type[..(end + 1)], .. type[(end + 1)..].Split(" | ")];
        }

        if (alternatives.Any(alternative => IsPlain(alternative.Trim(), value)))
        {
            return;
        }

        if (value is JsonArray items && alternatives[0].StartsWith('['))
        {
            for (var i = 0; i < items.Count; i++)
            {
                CheckValue(alternatives[0][1..^1], items[i], $"{path}[{i}]", faults);
            }
        }
        else if (value is JsonObject json && SchemaOf(alternatives, json) is { } schema)
        {
            CheckObject(schema, json, path, faults);
        }
        else
        {
            faults.Add($"{path} is {value?.ToJsonString() ?? "null"}, not {type}");
        }
    }

    /// <summary>Of several, the one whose <c>object</c> is that of the value.</summary>
    private string? SchemaOf(string[] alternatives, JsonObject json)
    {
        var schemas = alternatives.Where(_schemas.ContainsKey).ToArray();
        return schemas.Length < 2
            ? schemas.SingleOrDefault()
            : schemas.SingleOrDefault(schema => schema == (string?)json["object"]);
    }

    private bool IsPlain(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "integer" => value?.GetValueKind() == JsonValueKind.Number
            && value.AsValue().TryGetValue<long>(out _),
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "true" => value?.GetValueKind() == JsonValueKind.True,
        "object" => value is JsonObject,
        "map" => value is JsonObject map
            && map.All(pair => pair.Value?.GetValueKind() == JsonValueKind.String),
        ['\'', ..] => IsPlain("string", value) && (string?)value == type.Trim('\''),
        ['e', 'n', 'u', 'm', ' ', .. var name] => IsPlain("string", value)
            && _enums[name]!.AsArray().Any(word => (string?)word == (string?)value),
        _ => false
    };
}

using System.Text.Json;

namespace Artesanos.StripeSimulator.Wire;

/// <summary>Short forms for what Stripe's objects repeat on every line.</summary>
internal static class JsonFields
{
    public static void Text(this Utf8JsonWriter json, string name, string? value) =>
        json.WriteString(name, value);

    /// <summary>A field that Stripe leaves out where it has no value.</summary>
    public static void Optional(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>Another object: its id, or itself where the caller asked for it.</summary>
    public static void Reference(
        this Utf8JsonWriter json, string name, string? id, Expansion expansion,
        Action<Expansion> write)
    {
        json.WritePropertyName(name);
        if (id is not null && expansion.Has(name))
        {
            write(expansion.Inside(name));
        }
        else
        {
            json.WriteStringValue(id);
        }
    }

    public static void Number(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public static void Nulls(this Utf8JsonWriter json, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            json.WriteNull(name);
        }
    }

    public static void Texts(
        this Utf8JsonWriter json, string name, IReadOnlyCollection<string>? values)
    {
        if (values is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    public static void Hash(
        this Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> values)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}

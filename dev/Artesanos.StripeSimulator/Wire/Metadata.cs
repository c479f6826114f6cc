using System.Text.Json;

namespace Artesanos.StripeSimulator.Wire;

/// <summary>Stripe's metadata: up to 50 keys of 40 characters with values of 500.</summary>
internal static class Metadata
{
    private const int MaxKeys = 50;
    private const int MaxKeyChars = 40;
    private const int MaxValueChars = 500;

    /// <summary>A copy of <paramref name="current"/> with the changes of the request: an empty
    /// value removes its key, an empty <c>metadata</c> removes all.</summary>
    public static Dictionary<string, string> Merge(
        IReadOnlyDictionary<string, string>? current, StripeParameters parameters)
    {
        var cleared = parameters.Has("metadata") && parameters.Text("metadata") is null;
        var merged = current is null || cleared
            ? new Dictionary<string, string>(StringComparer.Ordinal)
            : new Dictionary<string, string>(current, StringComparer.Ordinal);

        foreach (var (key, value) in parameters.Hash("metadata"))
        {
            if (key.Length > MaxKeyChars)
            {
                throw StripeRefusal.Invalid(
                    $"Metadata keys can have up to {MaxKeyChars} characters, but you passed in a "
                    + $"key that is {key.Length} characters. Invalid key: {key}", "metadata");
            }

            if (value.Length > MaxValueChars)
            {
                throw StripeRefusal.Invalid(
                    $"Metadata values can have up to {MaxValueChars} characters, but you passed "
                    + $"in a value that is {value.Length} characters. Invalid value: {value}",
                    $"metadata[{key}]");
            }

            if (value.Length == 0)
            {
                merged.Remove(key);
            }
            else
            {
                merged[key] = value;
            }
        }

        return merged.Count <= MaxKeys
            ? merged
            : throw StripeRefusal.Invalid(
                $"Metadata can have up to {MaxKeys} keys, but you've set {merged.Count}. Email us "
                + "at support+metadata@stripe.com for more information.", "metadata");
    }

    /// <summary>For <c>previous_attributes</c>: the keys that changed, as they were.</summary>
    public static void WriteBefore(
        Utf8JsonWriter json, IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> now)
    {
        json.WriteStartObject("metadata");
        foreach (var key in before.Keys.Union(now.Keys))
        {
            var value = before.GetValueOrDefault(key);
            if (value != now.GetValueOrDefault(key))
            {
                json.Text(key, value);
            }
        }

        json.WriteEndObject();
    }
}

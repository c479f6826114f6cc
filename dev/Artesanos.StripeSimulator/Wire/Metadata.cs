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
                    $"Metadata keys can have up to {MaxKeyChars} characters.", "metadata");
            }

            if (value.Length > MaxValueChars)
            {
                throw StripeRefusal.Invalid(
                    $"Metadata values can have up to {MaxValueChars} characters, but you passed "
                    + $"in a value that is {value.Length} characters.", $"metadata[{key}]");
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
                $"Metadata can have up to {MaxKeys} keys.", "metadata");
    }
}

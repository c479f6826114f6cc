namespace Artesanos.Dashboard.Telemetry;

/// <summary>A key and its value as text.</summary>
public readonly record struct TelemetryField(string Key, string Value)
{
    // Two references and two string headers.
    private const int Overhead = 60;

    public int Bytes => Overhead + 2 * (Key.Length + Value.Length);

    public static string Find(IReadOnlyList<TelemetryField> attributes, string key)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Key == key)
                return attribute.Value;
        }
        return "";
    }
}

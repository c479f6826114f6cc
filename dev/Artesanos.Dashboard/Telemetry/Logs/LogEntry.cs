namespace Artesanos.Dashboard.Telemetry.Logs;

/// <summary>A log record of a service.</summary>
/// <param name="Number">Grows with every record that comes.</param>
/// <param name="TraceId">Empty outside a trace.</param>
public sealed record LogEntry(
    long Number, DateTimeOffset At, LogLevel Level, string Service, string Category,
    string Message, string TraceId, string SpanId, IReadOnlyList<TelemetryField> Attributes)
{
    private const int Overhead = 400;

    public int Bytes { get; } = Overhead + 2 * (Message.Length + Category.Length)
        + Attributes.Sum(attribute => attribute.Bytes);

    /// <summary>The order it is about; messages name it as their key.</summary>
    public string OrderId => Find("OrderId") is { Length: > 0 } order ? order : Find("Key");

    public string MessageId => Find("MessageId");

    public bool Contains(string text) =>
        Has(Message, text) || Has(Category, text) || Has(TraceId, text)
        || Attributes.Any(attribute => Has(attribute.Value, text));

    private string Find(string key) => TelemetryField.Find(Attributes, key);

    private static bool Has(string value, string text) =>
        value.Contains(text, StringComparison.OrdinalIgnoreCase);
}

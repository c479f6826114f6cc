namespace Artesanos.Dashboard.Telemetry;

/// <summary>How much telemetry is kept. What is more than that pushes the oldest out.</summary>
internal sealed record TelemetryLimits
{
    public int Traces { get; init; } = 10_000;

    public int Spans { get; init; } = 50_000;

    /// <summary>More spans of one trace are counted and not kept.</summary>
    public int SpansPerTrace { get; init; } = 2_000;

    /// <summary>What all spans may take, by their texts.</summary>
    public long SpanBytes { get; init; } = 128 * 1024 * 1024;

    public int LogRecords { get; init; } = 10_000;

    public long LogBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Of a span, an event, a record or a point; also its events and links.</summary>
    public int Attributes { get; init; } = 64;

    /// <summary>Characters of a name, a value or a message; a stack trace needs some.</summary>
    public int TextLength { get; init; } = 4_096;

    public int Instruments { get; init; } = 1_000;

    /// <summary>Series of all instruments; the one that was silent longest makes room.</summary>
    public int Series { get; init; } = 3_000;

    public int PointsPerSeries { get; init; } = 450;

    /// <summary>Of several points in one such interval the last is kept.</summary>
    public TimeSpan PointInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Histograms with more buckets are not kept.</summary>
    public int Buckets { get; init; } = 64;
}

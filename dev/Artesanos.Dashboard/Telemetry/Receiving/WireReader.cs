using System.Globalization;
using Artesanos.Dashboard.Telemetry.Otlp;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Artesanos.Dashboard.Telemetry.Receiving;

/// <summary>Makes of what came by OTLP what is kept, within the limits.</summary>
internal sealed class WireReader(TelemetryLimits limits)
{
    private const int MaxDepth = 4;

    private static readonly ulong LastTick =
        (ulong)(DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks;

    public string Text(string text) => text.Length <= limits.TextLength
        ? text : string.Concat(text.AsSpan(0, limits.TextLength - 1), "…");

    public string Text(AnyValue? value) => Text(Format(value, 0));

    public List<TelemetryField> Attributes(RepeatedField<KeyValue> pairs) =>
        [.. pairs.Take(limits.Attributes)
            .Select(pair => new TelemetryField(Text(pair.Key), Text(pair.Value)))];

    /// <summary>The name and the instance of the service that sends.</summary>
    public (string Service, string Instance) Sender(Resource? resource)
    {
        var attributes = resource is null ? [] : Attributes(resource.Attributes);
        var service = TelemetryField.Find(attributes, "service.name");
        return (service.Length > 0 ? service : "unknown",
            TelemetryField.Find(attributes, "service.instance.id"));
    }

    public static string Hex(ByteString id) => Convert.ToHexStringLower(id.Span);

    // A date has 100 ns, the wire 1 ns; what lies outside the calendar is a wrong clock.
    public static DateTimeOffset Time(ulong unixNanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)Math.Min(unixNanoseconds / 100, LastTick));

    private static string Format(AnyValue? value, int depth) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue =>
            value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.DoubleValue =>
            value.DoubleValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.BytesValue => value.BytesValue.ToBase64(),
        AnyValue.ValueOneofCase.ArrayValue when depth < MaxDepth =>
            $"[{string.Join(", ", value.ArrayValue.Values.Select(item =>
                Format(item, depth + 1)))}]",
        AnyValue.ValueOneofCase.KvlistValue when depth < MaxDepth =>
            $"{{{string.Join(", ", value.KvlistValue.Values.Select(pair =>
                $"{pair.Key}: {Format(pair.Value, depth + 1)}"))}}}",
        _ => "",
    };
}

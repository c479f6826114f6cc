using Artesanos.Dashboard.Telemetry.Logs;
using Artesanos.Dashboard.Telemetry.Otlp;
using Grpc.Core;

namespace Artesanos.Dashboard.Telemetry.Receiving;

internal sealed class LogReceiver(WireReader reader, LogStore logs) : LogsService.LogsServiceBase
{
    private const int SeveritiesPerLevel = 4;

    // The record itself has them, or what is made of them.
    private static readonly string[] Repeated =
        ["TraceId", "SpanId", "ParentId", "{OriginalFormat}"];

    private long _number;

    public override Task<ExportLogsServiceResponse> Export(
        ExportLogsServiceRequest request, ServerCallContext context)
    {
        logs.Add(
            from resource in request.ResourceLogs
            let service = reader.Sender(resource.Resource).Service
            from scope in resource.ScopeLogs
            from record in scope.LogRecords
            select Read(service, scope.Scope?.Name ?? "", record));
        return Task.FromResult(new ExportLogsServiceResponse());
    }

    private LogEntry Read(string service, string category, LogRecord record) => new(
        Interlocked.Increment(ref _number),
        WireReader.Time(
            record.TimeUnixNano > 0 ? record.TimeUnixNano : record.ObservedTimeUnixNano),
        Level(record.SeverityNumber), service, reader.Text(category), reader.Text(record.Body),
        WireReader.Hex(record.TraceId), WireReader.Hex(record.SpanId),
        [.. reader.Attributes(record.Attributes).Where(field => !Repeated.Contains(field.Key))]);

    private static LogLevel Level(int severity) => severity == 0
        ? LogLevel.Information
        : (LogLevel)Math.Clamp((severity - 1) / SeveritiesPerLevel, 0, (int)LogLevel.Critical);
}

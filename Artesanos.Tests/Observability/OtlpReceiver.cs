using System.Collections.Concurrent;
using Artesanos.Dashboard.Telemetry;
using Artesanos.Dashboard.Telemetry.Otlp;
using Artesanos.Dashboard.Telemetry.Receiving;
using Artesanos.Dashboard.Telemetry.Traces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Span = Artesanos.Dashboard.Telemetry.Traces.Span;

namespace Artesanos.Tests.Observability;

/// <summary>
/// Receives OTLP over HTTP (<c>POST /v1/traces</c>, <c>/logs</c>, <c>/metrics</c>, protobuf) and
/// keeps every export: as spans, and as its bytes, in which all texts stand as they are.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _exports = new();

    private OtlpReceiver(WebApplication server) => _server = server;

    public Uri Address => new(_server.Urls.Single());

    public static async Task<OtlpReceiver> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._server.MapPost("/v1/{signal}", receiver.ReceiveAsync);
        await receiver._server.StartAsync(ct);
        return receiver;
    }

    /// <summary>What has come for <c>/v1/traces</c>, <c>…/logs</c>, <c>…/metrics</c>.</summary>
    public List<byte[]> Of(string path) =>
        [.. _exports.Where(export => export.Path == path).Select(export => export.Body)];

    public List<Span> SpansOf(string traceId)
    {
        var limits = new TelemetryLimits();
        var reader = new TraceReceiver(new WireReader(limits), new TraceStore(limits), limits);
        return
        [
            .. Of("/v1/traces").Select(ExportTraceServiceRequest.Parser.ParseFrom)
                .SelectMany(reader.Read).Where(span => span.TraceId == traceId),
        ];
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<IResult> ReceiveAsync(HttpRequest request, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);
        _exports.Enqueue((request.Path, body.ToArray()));
        return Results.Bytes([], "application/x-protobuf");
    }
}

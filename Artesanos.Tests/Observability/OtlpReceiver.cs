using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Artesanos.Tests.Observability;

/// <summary>A span as a service exported it. Ids are lower-case hex.</summary>
internal sealed record Span(
    string Service, string TraceId, string SpanId, string ParentId, string Name,
    IReadOnlyList<string> Links);

/// <summary>
/// Receives spans by OTLP over HTTP (<c>POST /v1/traces</c>, protobuf). It reads the few fields it
/// needs by their numbers in <c>opentelemetry/proto/trace/v1/trace.proto</c>.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<Span> _spans = new();

    private OtlpReceiver(WebApplication server) => _server = server;

    public string Address => _server.Urls.Single();

    public static async Task<OtlpReceiver> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._server.MapPost("/v1/traces", receiver.ReceiveAsync);
        receiver._server.MapPost("/v1/{signal}", () => Results.Ok());
        await receiver._server.StartAsync(ct);
        return receiver;
    }

    public List<Span> SpansOf(string traceId) => [.. _spans.Where(span => span.TraceId == traceId)];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<IResult> ReceiveAsync(HttpRequest request, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);
        // ExportTraceServiceRequest { repeated ResourceSpans = 1 }
        foreach (var resourceSpans in Fields(body.ToArray(), 1))
        {
            // ResourceSpans { Resource = 1, repeated ScopeSpans = 2 }
            var service = Fields(resourceSpans, 1).Select(ServiceName).Single();
            foreach (var span in Fields(resourceSpans, 2).SelectMany(scope => Fields(scope, 2)))
            {
                _spans.Enqueue(Read(service, span));
            }
        }
        return Results.Bytes([], "application/x-protobuf");
    }

    // Span { trace_id = 1, span_id = 2, parent_span_id = 4, name = 5, repeated Link = 13 }
    private static Span Read(string service, byte[] span) => new(
        service, Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 5),
        [.. Fields(span, 13).Select(link => Hex(link, 1))]);

    // Resource { repeated KeyValue { key = 1, AnyValue { string_value = 1 } = 2 } = 1 }
    private static string ServiceName(byte[] resource) => Fields(resource, 1)
        .Where(attribute => Text(attribute, 1) == "service.name")
        .Select(attribute => Text(Fields(attribute, 2).Single(), 1))
        .Single();

    private static string Text(byte[] message, int field) =>
        Fields(message, field).Select(System.Text.Encoding.UTF8.GetString).SingleOrDefault() ?? "";

    private static string Hex(byte[] message, int field) =>
        Fields(message, field).Select(Convert.ToHexStringLower).SingleOrDefault() ?? "";

    /// <summary>The length-delimited values of one field.</summary>
    private static List<byte[]> Fields(byte[] message, int field)
    {
        var values = new List<byte[]>();
        using var input = new CodedInputStream(message);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == field
                && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                values.Add(input.ReadBytes().ToByteArray());
            }
            else
            {
                input.SkipLastField();
            }
        }
        return values;
    }
}

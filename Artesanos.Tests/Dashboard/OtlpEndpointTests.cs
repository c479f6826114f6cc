using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Artesanos.Dashboard;
using Artesanos.Dashboard.Telemetry.Logs;
using Artesanos.Dashboard.Telemetry.Metrics;
using Artesanos.Dashboard.Telemetry.Receiving;
using Artesanos.Dashboard.Telemetry.Traces;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Xunit;
using SpanKind = Artesanos.Dashboard.Telemetry.Traces.SpanKind;

namespace Artesanos.Tests.Dashboard;

/// <summary>What the real OpenTelemetry exporter sends over gRPC arrives as it was.</summary>
public sealed class OtlpEndpointTests : IAsyncLifetime
{
    private const string Key = "a-key-of-the-tests-000";

    private static readonly ResourceBuilder Sender = ResourceBuilder.CreateEmpty()
        .AddService("potter", serviceInstanceId: "potter-1");

    private readonly int _port = FreeAddress.Port();
    private WebApplication _dashboard = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new DashboardOptions { OtlpPort = _port, OtlpKey = Key });
        builder.Services.AddAuthorization();
        builder.AddTelemetry();
        _dashboard = builder.Build();
        _dashboard.UseOtlp();
        _dashboard.MapGet("/", () => "a page");
        await _dashboard.StartAsync(Ct);
    }

    public ValueTask DisposeAsync() => _dashboard.DisposeAsync();

    [Fact]
    public void Spans_arrive_with_all_they_tell()
    {
        using var source = new ActivitySource("Tests.Potter");
        string traceId;
        using (Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Sender)
            .AddSource(source.Name).AddOtlpExporter(options => Target(options, Key)).Build())
        {
            using var parent = source.StartActivity("throw a pot", ActivityKind.Server)!;
            var link = new ActivityLink(new ActivityContext(
                ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), default));
            using var child = source.StartActivity(
                ActivityKind.Producer, links: [link], name: "fire it")!;
            child.SetTag("glaze", "blue").SetTag("degrees", 1200).SetTag("hot", true);
            child.AddException(new InvalidOperationException("It cracked."));
            child.SetStatus(ActivityStatusCode.Error, "cracked");
            traceId = child.TraceId.ToHexString();
        }

        var trace = Stored<TraceStore>().Get(traceId)!;
        var span = trace.Spans.Single(one => one.Name == "fire it");
        var root = trace.Spans.Single(one => one.Name == "throw a pot");
        Assert.Equal(
            ("potter", "Tests.Potter", SpanKind.Producer, root.SpanId, true, "cracked"),
            (span.Service, span.Scope, span.Kind, span.ParentId, span.Failed, span.StatusMessage));
        Assert.Equal(
            [("glaze", "blue"), ("degrees", "1200"), ("hot", "true")],
            span.Attributes.Select(field => (field.Key, field.Value)));
        Assert.Contains(
            Assert.Single(span.Events).Attributes, field => field.Value == "It cracked.");
        Assert.Single(span.Links);
        Assert.InRange(span.Start, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
        Assert.True(root.Duration >= span.Duration);
    }

    [Fact]
    public void Log_records_arrive_with_their_fields_and_their_trace()
    {
        using var activity = new Activity("work").Start();
        using (var logs = LoggerFactory.Create(builder => builder.AddOpenTelemetry(options =>
            options.SetResourceBuilder(Sender).AddOtlpExporter(exporter => Target(exporter, Key)))))
        {
            var logger = logs.CreateLogger("Potter.Kiln");
#pragma warning disable CA1848, CA2254 // A log of a test.
            logger.LogError("The kiln of order {OrderId} is cold.", "4711");
#pragma warning restore CA1848, CA2254
        }

        var entry = Assert.Single(Stored<LogStore>().Find(new LogFilter(), 10).Entries);
        Assert.Equal(
            (LogLevel.Error, "potter", "Potter.Kiln", "4711", activity.TraceId.ToHexString()),
            (entry.Level, entry.Service, entry.Category, entry.OrderId, entry.TraceId));
    }

    [Fact]
    public void Measurements_arrive_as_counters_gauges_and_histograms()
    {
        using var meter = new Meter("Tests.Potter.Meter");
        using (Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Sender).AddMeter(meter.Name)
            .AddOtlpExporter(options => Target(options, Key)).Build())
        {
            meter.CreateCounter<long>("pots", "{pot}").Add(3, new("glaze", "blue"), new("size", 1));
            meter.CreateUpDownCounter<int>("shelf").Add(-2);
            meter.CreateObservableGauge("heat", () => 12.5);
            meter.CreateHistogram<double>("firing", "s").Record(0.3);
        }

        var store = Stored<MetricStore>();
        Assert.Equal(
            [
                ("firing", InstrumentKind.Histogram), ("heat", InstrumentKind.Gauge),
                ("pots", InstrumentKind.Counter), ("shelf", InstrumentKind.UpDownCounter),
            ],
            store.Instruments().Select(one => (one.Key.Name, one.Kind)).Order());
        Assert.Equal(["glaze", "size"], View("pots").Dimensions);
        Assert.Equal([3, -2, 12.5], new[] { "pots", "shelf", "heat" }.Select(name =>
            Assert.Single(Assert.Single(View(name).Series).Points).Value));
        var histogram = Assert.Single(View("firing").Series);
        var point = Assert.Single(histogram.Points);
        Assert.Equal((1, 1), (point.Value, point.Buckets.Sum()));
        Assert.Equal(histogram.Bounds.Length + 1, point.Buckets.Length);

        InstrumentView View(string name) =>
            store.Get(new InstrumentKey("potter", "Tests.Potter.Meter", name))!;
    }

    [Fact]
    public void Nothing_is_taken_from_a_sender_without_the_key()
    {
        using var source = new ActivitySource("Tests.Stranger");
        using (Sdk.CreateTracerProviderBuilder().AddSource(source.Name)
            .AddOtlpExporter(options => Target(options, "another-key-of-somebody")).Build())
        {
            using var activity = source.StartActivity("intrude");
        }

        Assert.Equal(0, Stored<TraceStore>().Kept.Traces);
    }

    [Fact]
    public async Task The_port_of_telemetry_has_no_pages()
    {
        using var http = new HttpClient
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await http.GetAsync(new Uri($"http://localhost:{_port}/"), Ct);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private T Stored<T>() where T : notnull => _dashboard.Services.GetRequiredService<T>();

    private void Target(OtlpExporterOptions options, string key)
    {
        options.Endpoint = new Uri($"http://localhost:{_port}");
        options.Protocol = OtlpExportProtocol.Grpc;
        options.Headers = $"{OtlpEndpoint.KeyHeader}={key}";
        options.TimeoutMilliseconds = 5_000;
    }
}

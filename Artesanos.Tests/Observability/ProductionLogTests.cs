using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.Testing;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Net;
using Xunit;

namespace Artesanos.Tests.Observability;

/// <summary>Logs as a collector reads them: in Production, one JSON object a line.</summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class ProductionLogTests(TracedSystem system) : IClassFixture<TracedSystem>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_error_has_the_ids_of_trace_order_and_message_as_fields()
    {
        var (order, message) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        await using var outage = await Outage.OfAsync(system.Topology, "orders", Ct);
        using var orders = await StartOrdersAsync();
        try
        {
            await PublishAsync(order, message, trace);

            var log = await FindAsync(orders, message);

            Assert.Equal("Error", log.GetProperty("LogLevel").GetString());
            Assert.EndsWith("Z", log.GetProperty("Timestamp").GetString());
            var state = log.GetProperty("State");
            Assert.Equal($"{order}", state.GetProperty("Key").GetString());
            Assert.Equal("payments.succeeded", state.GetProperty("Subject").GetString());
            Assert.Contains(log.GetProperty("Scopes").EnumerateArray(), scope =>
                scope.TryGetProperty("TraceId", out var id) && id.GetString() == trace);
        }
        finally
        {
            orders.Kill();
        }
    }

    /// <summary>Another process of Orders, as it would run in Production.</summary>
    private async Task<Process> StartOrdersAsync()
    {
        var app = system.Topology.App;
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Artesanos.Orders.dll")])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{FreeAddress.Port()}",
                ["Auth__Authority"] = "https://issuer.example",
                ["ConnectionStrings__orders-db"] =
                    await app.GetConnectionStringAsync("orders-db", Ct),
                ["ConnectionStrings__nats"] = await app.GetConnectionStringAsync("nats", Ct),
            },
        };
        return Process.Start(start)!;
    }

    /// <summary>A payment of an order that does not exist: it becomes a dead letter.</summary>
    private async Task PublishAsync(Guid order, Guid message, string trace)
    {
        var url = await system.Topology.App.GetConnectionStringAsync("nats", Ct);
        await using var nats = new NatsClient(url!);
        var headers = new NatsHeaders
        {
            ["Nats-Msg-Id"] = $"{message}",
            ["ce-subject"] = $"{order}",
            ["traceparent"] = $"00-{trace}-{ActivitySpanId.CreateRandom()}-01",
        };
        var body = Encoding.UTF8.GetBytes(
            $$"""
            {"orderId":"{{order}}","paymentIntentId":"pi_x","amountMinor":1,"currency":"EUR"}
            """);
        var ack = await nats.CreateJetStreamContext().PublishAsync(
            "payments.succeeded", body, headers: headers, cancellationToken: Ct);
        ack.EnsureSuccess();
    }

    private static async Task<JsonElement> FindAsync(Process process, Guid message)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            // Every line is JSON, or this throws.
            var log = JsonDocument.Parse(line).RootElement;
            if (log.TryGetProperty("State", out var state)
                && state.TryGetProperty("MessageId", out var id)
                && id.GetString() == $"{message}")
            {
                return log;
            }
        }
        throw new InvalidOperationException("Orders ended without that log.");
    }
}

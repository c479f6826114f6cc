using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Artesanos.Messaging;
using Artesanos.Messaging.Nats;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using Xunit;

namespace Artesanos.Tests.Cluster;

/// <summary>The client as a service builds it, as the user of Orders.</summary>
[Collection("NATS cluster")]
[Trait("Category", "Integration")]
public sealed class NatsDenialTests(NatsClusterTopology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_server_denies_is_logged_with_its_subject_and_counted()
    {
        var seed = await topology.SeedAsync("orders", Ct);
        var builder = Host.CreateEmptyApplicationBuilder(
            new() { ApplicationName = "Artesanos.Orders" });
        builder.Configuration["ConnectionStrings:nats"] =
            await topology.App.GetConnectionStringAsync("nats", Ct);
        builder.Configuration["Nats:NKeySeed"] = seed;
        builder.Configuration["Nats:CaFile"] = topology.CaFile;
        using var lines = new KeptLines();
        builder.Logging.AddProvider(lines);
        builder.AddNatsClient("nats");
        builder.Services.AddOptions<MessagingOptions>();
        using var host = builder.Build();
        var connection = host.Services.GetRequiredService<INatsConnection>();
        long counted = 0;
        using var meter = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "nats.server.errors")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meter.SetMeasurementEventCallback<long>(
            (_, value, _, _) => Interlocked.Add(ref counted, value));
        meter.Start();

        await connection.PublishAsync("payments.succeeded", "", cancellationToken: Ct);

        await Eventually.TrueAsync(
            () => Task.FromResult(lines.All.Any(line =>
                line.StartsWith("NATS denies", StringComparison.Ordinal)
                && line.Contains("\"payments.succeeded\"", StringComparison.Ordinal))),
            TimeSpan.FromSeconds(10), "the denial is logged", Ct);
        Assert.Equal(1, Interlocked.Read(ref counted));
        Assert.DoesNotContain(lines.All, line => line.Contains(seed, StringComparison.Ordinal));
    }

    private sealed class KeptLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state,
            Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}

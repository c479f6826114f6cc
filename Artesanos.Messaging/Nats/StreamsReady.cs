using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Outbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Artesanos.Messaging.Nats;

/// <summary>
/// Declares streams and consumers once at start. While NATS is away it keeps trying, so that a service
/// whose broker is down still answers its health check; a stream of another form stops the host.
/// </summary>
internal sealed partial class StreamsReady(
    INatsConnection connection, Topology topology, IReadOnlyList<Subscription> subscriptions,
    OutboxPublisher publisher, IHostApplicationLifetime lifetime, ILogger<StreamsReady> logger)
    : BackgroundService
{
    private readonly TaskCompletionSource _declared =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task WaitAsync(CancellationToken ct) => _declared.Task.WaitAsync(ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await connection.ConnectAsync();
                await topology.DeclareAsync(stoppingToken);
                foreach (var (stream, filter, durable, _) in subscriptions)
                {
                    await topology.DeclareConsumerAsync(stream, durable, filter, stoppingToken);
                }
                publisher.Succeeded();
                _declared.SetResult();
                return;
            }
            catch (TopologyException mismatch)
            {
                LogMismatch(logger, mismatch.Message);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
            catch (Exception outage) when (
                outage is NatsException && !stoppingToken.IsCancellationRequested)
            {
                LogWaiting(logger, outage.Message);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(250), stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Critical, "Stopping: {Mismatch}")]
    private static partial void LogMismatch(ILogger logger, string mismatch);

    [LoggerMessage(LogLevel.Warning, "Waiting for NATS JetStream: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);
}

using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Outbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Artesanos.Messaging.Nats;

/// <summary>
/// Ensures streams and consumers at start and after each reconnection. While NATS is away it
/// keeps trying, so that a service whose broker is down still answers its health check; a stream
/// of another form stops the host.
/// </summary>
internal sealed partial class StreamsReady(
    INatsConnection connection, Topology topology, IReadOnlyList<Subscription> subscriptions,
    OutboxPublisher publisher, IHostApplicationLifetime lifetime, ILogger<StreamsReady> logger)
    : BackgroundService
{
    private readonly TaskCompletionSource _declared =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly SemaphoreSlim _opened = new(0, 1);

    public bool IsDeclared => _declared.Task.IsCompletedSuccessfully;

    public Task WaitAsync(CancellationToken ct) => _declared.Task.WaitAsync(ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        connection.ConnectionOpened += (_, _) =>
        {
            if (_opened.CurrentCount == 0)
            {
                _opened.Release();
            }
            return ValueTask.CompletedTask;
        };
        while (await DeclareAsync(stoppingToken))
        {
            // A service with nothing to publish would not notice that NATS is back, and its
            // deadlines would wait for ever.
            await _opened.WaitAsync(stoppingToken);
        }
    }

    /// <returns>False when the host stops because of what the server has.</returns>
    private async Task<bool> DeclareAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await connection.ConnectAsync();
                await topology.EnsureAsync(subscriptions, stoppingToken);
                publisher.Succeeded();
                _declared.TrySetResult();
                return true;
            }
            catch (TopologyException mismatch)
            {
                LogMismatch(logger, mismatch.Message);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return false;
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

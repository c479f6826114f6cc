using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using Npgsql;

namespace Artesanos.Messaging.Metrics;

/// <summary>
/// Reads gauges that only a database or the broker knows. It runs beside the work on an interval,
/// so its statements use indexes and do not grow with what was sold since the beginning.
/// </summary>
public interface ISample
{
    Task TakeAsync(CancellationToken ct);
}

/// <summary>Takes every sample of a service, one after the other.</summary>
internal sealed partial class Sampler(
    IEnumerable<ISample> samples, IOptions<MessagingOptions> options, TimeProvider time,
    ILogger<Sampler> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SampleInterval, time);
        do
        {
            foreach (var sample in samples)
            {
                await TakeAsync(sample, stoppingToken);
            }
        }
        while (await NextAsync(timer, stoppingToken));
    }

    private async Task TakeAsync(ISample sample, CancellationToken ct)
    {
        try
        {
            await sample.TakeAsync(ct);
        }
        catch (Exception outage) when (
            outage is NpgsqlException or NatsException or TimeoutException
            || (outage is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // The gauges fall silent by themselves; the next tick is the retry.
            LogNotTaken(logger, sample.GetType().Name, outage.Message);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Debug, "{Sample} not taken: {Reason}")]
    private static partial void LogNotTaken(ILogger logger, string sample, string reason);
}

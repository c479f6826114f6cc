using Microsoft.Extensions.Options;
using Npgsql;

namespace Artesanos.Payments.StripeApi;

/// <summary>
/// Finds events that a crash left unprocessed, and those that wait for their intent.
/// </summary>
internal sealed partial class EventSweeper(
    EventStore store, EventProcessor processor, IOptions<StripeOptions> options,
    TimeProvider time, ILogger<EventSweeper> logger) : BackgroundService
{
    private const int MaxClaim = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var due = await store.ClaimDueAsync(MaxClaim, stoppingToken);
                foreach (var (received, tries) in due)
                {
                    processor.HandOver(received, tries);
                }
            }
            catch (NpgsqlException failure)
            {
                LogFailed(logger, failure.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Due events were not looked for: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}

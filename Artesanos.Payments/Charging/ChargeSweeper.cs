using Artesanos.Payments.Data;
using Artesanos.Payments.StripeApi;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Artesanos.Payments.Charging;

/// <summary>
/// Finds calls that are overdue: their process died, the queue was full, or the delay after an
/// unanswered call is over. Any replica resumes them, under the same idempotency keys.
/// </summary>
internal sealed partial class ChargeSweeper(
    NpgsqlDataSource database, ChargeWorker worker, PaymentRules rules,
    IOptions<StripeOptions> options, TimeProvider time, ILogger<ChargeSweeper> logger)
    : BackgroundService
{
    private const int MaxClaim = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var due = await PaymentTable.ClaimDueAsync(
                    database, time.GetUtcNow(), rules.CallLease, MaxClaim, stoppingToken);
                if (due.Count > 0)
                {
                    LogResumed(logger, due.Count);
                    worker.HandOver(due);
                }
            }
            catch (NpgsqlException failure)
            {
                LogFailed(logger, failure.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Resuming {Count} payments whose call is due.")]
    private static partial void LogResumed(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "Due payments were not looked for: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}

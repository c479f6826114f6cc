using Artesanos.Messaging;
using Artesanos.Payments.Data;
using Artesanos.Payments.StripeApi;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Artesanos.Payments.Charging;

/// <summary>
/// Asks Stripe about payments that wait for their shopper and have been silent: the webhook may
/// be lost. What is heard is decided like any answer. Calls that are due are the sweeper's.
/// </summary>
internal sealed partial class IntentReconciler(
    NpgsqlDataSource database, StripeCalls calls, PaymentRecorder recorder, ChargeWorker worker,
    IOptions<StripeOptions> options, TimeProvider time, ILogger<IntentReconciler> logger)
    : BackgroundService
{
    private const int MaxFetches = 8;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReconcileInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception outage) when (outage is NpgsqlException or OverloadedException)
            {
                LogFailed(logger, outage.Message);
            }
        }
    }

    private async Task RunAsync(CancellationToken ct)
    {
        var silent = await PaymentTable.ClaimSilentAsync(
            database, time.GetUtcNow(), options.Value.ReconcileAfter,
            options.Value.ReconcileMaxIntents, ct);
        await Parallel.ForEachAsync(
            silent,
            new ParallelOptions { MaxDegreeOfParallelism = MaxFetches, CancellationToken = ct },
            async (payment, token) => await AskAsync(payment, token));
    }

    private async Task AskAsync(Payment payment, CancellationToken ct)
    {
        var fact = await calls.MakeAsync(StripeCall.FetchIntent, payment, ct);
        var decision = await recorder.RecordAsync(payment.OrderId, fact, payment.TraceParent);
        if (decision is null || decision.Payment.Version == payment.Version)
        {
            return;
        }
        PaymentMetrics.Found("intent");
        LogFound(logger, payment.OrderId, decision.Payment.Status);
        if (decision.CallNow)
        {
            worker.HandOver([decision.Payment]);
        }
    }

    [LoggerMessage(LogLevel.Information,
        "The payment of order {OrderId} is {Status}; no webhook had told so.")]
    private static partial void LogFound(ILogger logger, Guid orderId, PaymentStatus status);

    [LoggerMessage(LogLevel.Warning, "Silent payments were not asked about: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}

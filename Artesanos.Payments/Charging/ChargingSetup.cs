using Artesanos.Messaging.Metrics;

namespace Artesanos.Payments.Charging;

internal static class ChargingSetup
{
    /// <summary>
    /// Adds the worker that charges. After <c>AddMessaging</c> and before its consumers, so that
    /// on stopping the consumers hand over their last rows to a worker that still runs.
    /// </summary>
    public static void AddCharging(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<PaymentRecorder>();
        services.AddSingleton<ChargeWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<ChargeWorker>());
        services.AddHostedService<ChargeSweeper>();
        services.AddHostedService<IntentReconciler>();
        services.AddSingleton<ISample, PaymentSample>();
    }
}

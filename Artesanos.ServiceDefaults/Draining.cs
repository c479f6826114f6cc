using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Artesanos.ServiceDefaults;

/// <summary>Section <c>Drain</c>: how a process leaves without a failed request.</summary>
internal sealed class DrainOptions
{
    public const string Section = "Drain";

    /// <summary>
    /// How long a process that was told to stop still answers while <c>/health</c> says 503, so
    /// that whoever sends it requests notices. Longer than two probes of the gateway or of the
    /// balancer in front of it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00",
        ErrorMessage = "Drain__Delay must be between 00:00:00 and 00:05:00 (hh:mm:ss).")]
    public TimeSpan? Delay { get; init; }
}

/// <summary>
/// Between the signal to stop and the stop: not ready, and everything works. Kestrel closes its
/// connections only afterwards.
/// </summary>
internal sealed partial class Draining(
    IOptions<DrainOptions> options, IHostEnvironment environment, TimeProvider time,
    ILogger<Draining> logger)
    : IHostedLifecycleService, IHealthCheck
{
    private static readonly TimeSpan TwoProbes = TimeSpan.FromSeconds(12);

    private volatile bool _isDraining;

    /// <summary>Developers do not wait.</summary>
    public TimeSpan Delay => options.Value.Delay
        ?? (environment.IsDevelopment() ? TimeSpan.Zero : TwoProbes);

    public async Task StoppingAsync(CancellationToken ct)
    {
        _isDraining = true;
        if (Delay > TimeSpan.Zero)
        {
            LogDraining(logger, Delay);
            await Task.Delay(Delay, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken ct) =>
        Task.FromResult(_isDraining
            ? HealthCheckResult.Unhealthy("The process is being stopped.")
            : HealthCheckResult.Healthy());

    public Task StartingAsync(CancellationToken ct) => Task.CompletedTask;

    public Task StartAsync(CancellationToken ct) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken ct) => Task.CompletedTask;

    public Task StopAsync(CancellationToken ct) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken ct) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Not ready any more; stopping in {Delay}")]
    private static partial void LogDraining(ILogger logger, TimeSpan delay);
}

internal static class DrainingSetup
{
    /// <summary>What Kestrel and the consumers have to finish their work.</summary>
    private static readonly TimeSpan WorkPatience = TimeSpan.FromSeconds(30);

    public static void AddDraining(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DrainOptions>()
            .BindConfiguration(DrainOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<Draining>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Draining>());
        builder.Services.AddOptions<HostOptions>().Configure<Draining>((host, draining) =>
            host.ShutdownTimeout = draining.Delay + WorkPatience);
        builder.Services.AddHealthChecks()
            .AddCheck<Draining>("draining", tags: [Readiness.Tag]);
    }
}

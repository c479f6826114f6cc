using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Data;
using Artesanos.Messaging.Nats;
using Artesanos.ServiceDefaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using Npgsql;

namespace Artesanos.Messaging;

/// <summary>
/// <c>dotnet Artesanos.Orders.dll provision</c>: what a deployment does once, with credentials
/// that the running service does not have (docs/operations.md).
/// </summary>
public static partial class Provisioning
{
    public const string Verb = "provision";

    private const int MaxTries = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long each server is waited for that does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Migrates the service's schema, lets <c>Database__ServiceRole</c> use it, and declares the
    /// streams and the service's consumers.
    /// </summary>
    /// <remarks>A refusal of a server is told in one line, and the process exits with 1.</remarks>
    public static async Task ProvisionAsync<TContext>(
        this IHost host, CancellationToken ct = default)
        where TContext : DbContext
    {
        var services = host.Services;
        var logger = services.GetRequiredService<ILoggerFactory>()
            .CreateLogger(typeof(Provisioning).FullName!);
        try
        {
            await services.GetRequiredService<Migration<TContext>>()
                .MigrateAsync(Patience, ct);
            LogMigrated(logger);

            await DeclareAsync(services, logger, ct);
            LogDeclared(logger);
        }
        catch (Exception refusal) when (
            refusal is NpgsqlException or NatsException or TopologyException
                or OptionsValidationException or WrongSettingException)
        {
            LogRefused(logger, refusal.Message);
            Environment.ExitCode = 1;
        }
    }

    /// <summary>
    /// A cluster that elects a leader, or makes a stream on slow disks, leaves requests without an
    /// answer; to declare again does no harm.
    /// </summary>
    private static async Task DeclareAsync(
        IServiceProvider services, ILogger logger, CancellationToken ct)
    {
        try
        {
            await services.GetRequiredService<INatsConnection>().ConnectAsync().AsTask()
                .WaitAsync(Patience, ct);
        }
        catch (TimeoutException)
        {
            throw new NatsException($"NATS does not answer within {Patience.TotalSeconds} s.");
        }
        for (var tries = 1; ; tries++)
        {
            try
            {
                await services.GetRequiredService<Topology>().DeclareAsync(
                    services.GetRequiredService<IReadOnlyList<Subscription>>(), ct);
                return;
            }
            catch (NatsException silence) when (tries < MaxTries)
            {
                LogAgain(logger, silence.Message);
                await Task.Delay(Pause, ct);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "The schema is that of this version.")]
    private static partial void LogMigrated(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Streams and consumers are those of this version.")]
    private static partial void LogDeclared(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "NATS does not declare yet: {Reason}")]
    private static partial void LogAgain(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Critical, "Not provisioned: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}

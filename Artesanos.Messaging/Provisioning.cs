using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Data;
using Artesanos.Messaging.Nats;
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
            await services.GetRequiredService<Migration<TContext>>().MigrateAsync(ct);
            LogMigrated(logger);

            await services.GetRequiredService<INatsConnection>().ConnectAsync();
            await services.GetRequiredService<Topology>().DeclareAsync(
                services.GetRequiredService<IReadOnlyList<Subscription>>(), ct);
            LogDeclared(logger);
        }
        catch (Exception refusal) when (
            refusal is PostgresException or NatsException or TopologyException
                or OptionsValidationException)
        {
            LogRefused(logger, refusal.Message);
            Environment.ExitCode = 1;
        }
    }

    [LoggerMessage(LogLevel.Information, "The schema is that of this version.")]
    private static partial void LogMigrated(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Streams and consumers are those of this version.")]
    private static partial void LogDeclared(ILogger logger);

    [LoggerMessage(LogLevel.Critical, "Not provisioned: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}

using Artesanos.ServiceDefaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Artesanos.Messaging.Data;

public static class Database
{
    /// <summary>
    /// A plan made while a table was empty prefers to read it whole, and a prepared statement
    /// keeps that plan until the next ANALYZE, when the table has long grown. Statements take
    /// whole batches as arrays: planned again for each they would come out the same.
    /// </summary>
    internal const string PlanOptions =
        "-c enable_seqscan=off -c plan_cache_mode=force_generic_plan -c jit=off";

    /// <summary>
    /// Registers the service's own database: a pooled <see cref="NpgsqlDataSource"/> for hot
    /// statements, <typeparamref name="TContext"/> over it for everything else, migrations applied
    /// at start, and a readiness check. Needs <c>ConnectionStrings__{name}</c>.
    /// </summary>
    public static void AddDatabase<TContext>(this IHostApplicationBuilder builder, string name)
        where TContext : DbContext
    {
        var settings = ReadConnectionString(builder.Configuration, name);
        settings.ApplicationName = builder.Environment.ApplicationName;
        // Statements prepare themselves; both figures are per connection.
        settings.MaxAutoPrepare = 64;
        settings.AutoPrepareMinUsages = 2;
        // Nothing here changes a session's settings, so none need to be reset.
        settings.NoResetOnClose = true;
        settings.Options = $"{settings.Options} {PlanOptions}";
        builder.Services.AddSingleton(services =>
        {
            if (!settings.ShouldSerialize("Maximum Pool Size"))
            {
                settings.MaxPoolSize =
                    services.GetRequiredService<IOptions<DatabaseOptions>>().Value.MaxConnections;
            }
            // The name stands in metrics, where the connection string would otherwise.
            return new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name }.Build();
        });
        builder.Services.AddDbContextPool<TContext>((services, options) => options
            .UseNpgsql(services.GetRequiredService<NpgsqlDataSource>())
            .UseSnakeCaseNamingConvention()
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking));
        builder.Services.AddSettings<DatabaseOptions>(DatabaseOptions.Section);
        builder.Services.AddSingleton(services =>
            ActivatorUtilities.CreateInstance<Migration<TContext>>(services, name));
        builder.Services.AddHostedService(provider =>
            provider.GetRequiredService<Migration<TContext>>());
        builder.Services.AddExceptionHandler<DatabaseOutage>();
        builder.Services.AddHealthChecks()
            .AddCheck<DatabaseHealth>("database", tags: ["ready"]);
    }

    private static NpgsqlConnectionStringBuilder ReadConnectionString(
        IConfiguration configuration, string name)
    {
        const string cure = "set it to a PostgreSQL connection string such as "
            + "Host=postgres;Database=...;Username=...;Password=..., or start the service "
            + "through the AppHost, which provides it.";
        var text = configuration.GetConnectionString(name);
        if (string.IsNullOrWhiteSpace(text))
            throw new WrongSettingException($"ConnectionStrings__{name} is missing: {cure}");

        try
        {
            var settings = new NpgsqlConnectionStringBuilder(text);
            return string.IsNullOrWhiteSpace(settings.Host)
                ? throw new ArgumentException("It names no host.")
                : settings;
        }
        // The library's message may quote a part of it.
        catch (ArgumentException)
        {
            throw new WrongSettingException(
                $"ConnectionStrings__{name} cannot be read: {cure}");
        }
    }
}

internal sealed class DatabaseHealth(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken ct)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteNonQueryAsync(ct);
            return HealthCheckResult.Healthy();
        }
        // Also while the check's own connection waits for a slot of the pool (a timeout).
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("PostgreSQL does not answer.", failure);
        }
    }
}

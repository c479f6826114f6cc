using Artesanos.Messaging.Outbox;
using Artesanos.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Artesanos.Messaging.Nats;

public static class NatsClient
{
    /// <summary>
    /// Registers one NATS connection and its JetStream context, with a readiness check
    /// (degraded while NATS is away). Needs <c>ConnectionStrings__{name}</c>, one server or several
    /// with commas between.
    /// </summary>
    public static void AddNatsClient(this IHostApplicationBuilder builder, string name)
    {
        var url = ReadAddress(builder.Configuration, name);

        // The client tells every detail of a handshake as information.
        builder.Logging.AddFilter("NATS", LogLevel.Warning);
        builder.Services.AddSettings<NatsOptions>(NatsOptions.Section);
        builder.Services.AddSingleton<INatsConnection>(services =>
        {
            var options = services.GetRequiredService<IOptions<MessagingOptions>>().Value;
            var identity = services.GetRequiredService<IOptions<NatsOptions>>().Value;
            var service = builder.Environment.ApplicationName;
            var connection = new NatsConnection(NatsOpts.Default with
            {
                Url = url,
                Name = service,
                AuthOpts = identity.Auth(),
                TlsOpts = identity.Tls(),
                InboxPrefix = identity.InboxPrefix is { Length: > 0 } prefix
                    ? prefix : "_INBOX_" + service.Replace('.', '_'),
                LoggerFactory = services.GetRequiredService<ILoggerFactory>(),
                // A server that restarts is found again within half a second, and one that is
                // away for a night is still tried in the morning.
                RetryOnInitialConnect = true,
                MaxReconnectRetry = -1,
                ReconnectWaitMin = TimeSpan.FromMilliseconds(100),
                ReconnectWaitMax = TimeSpan.FromMilliseconds(500),
                IgnoreAuthErrorAbort = true,
                RequestTimeout = options.PublishTimeout,
                // A consumer that stops waits this long for a server that is away.
                DrainPingTimeout = TimeSpan.FromSeconds(1),
                // A slow consumer must slow its server down, not lose messages on the floor.
                SubPendingChannelFullMode = System.Threading.Channels.BoundedChannelFullMode.Wait,
            });
            var denials = services.GetRequiredService<NatsDenials>();
            connection.ServerError += (_, refusal) => denials.NoteAsync(refusal);
            return connection;
        });
        builder.Services.AddSingleton<NatsDenials>();
        builder.Services.AddSingleton<INatsJSContext>(services =>
            new NatsJSContext(services.GetRequiredService<INatsConnection>()));
        builder.Services.AddHealthChecks().AddCheck<NatsHealth>("nats", tags: ["ready"]);
    }

    private static string ReadAddress(IConfiguration configuration, string name)
    {
        var text = configuration.GetConnectionString(name);
        return !string.IsNullOrWhiteSpace(text) && text.Split(',').All(IsAddress)
            ? text
            : throw new WrongSettingException(
                $"ConnectionStrings__{name} is missing or no address of NATS: set it to "
                + "nats://user:password@host:port (several servers with a comma between two), "
                + "or start the service through the AppHost, which provides it.");
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address)
        && address.Scheme is "nats" or "tls" or "ws" or "wss"
        && address.Host.Length > 0;
}

/// <summary>
/// Degraded and never unhealthy: without NATS a service still answers requests, and what it has
/// to say waits in its outbox. Taking it out of the gateway would turn a delay into an outage.
/// </summary>
internal sealed class NatsHealth(INatsConnection connection, OutboxPublisher publisher)
    : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken ct) =>
        Task.FromResult((connection.ConnectionState, publisher.IsDraining) switch
        {
            (NatsConnectionState.Open, true) => HealthCheckResult.Healthy(),
            (NatsConnectionState.Open, false) => HealthCheckResult.Degraded(
                "JetStream takes no messages; they wait in the outbox."),
            _ => HealthCheckResult.Degraded(
                "There is no connection to NATS; messages wait in the outbox."),
        });
}

using System.Net;
using Artesanos.Messaging;
using Artesanos.Messaging.Data;
using Artesanos.Payments.Charging;
using Artesanos.ServiceDefaults;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Stripe;

namespace Artesanos.Payments.StripeApi;

internal static class StripeSetup
{
    /// <summary>Adds the Stripe client and the store of its events.</summary>
    public static void AddStripe(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<StripeOptions>, StripeOptionsCheck>();
        services.AddSettings<StripeOptions>(StripeOptions.Section);
        services.AddRetention<StripeOptions>(options => new Retention("stripe_events", "id",
            "received_at < $1 AND processed_at IS NOT NULL", options.KeepEvents));
        services.AddSingleton(provider =>
            CreateClient(provider.GetRequiredService<IOptions<StripeOptions>>().Value));
        services.AddSingleton(provider =>
            RulesOf(provider.GetRequiredService<IOptions<StripeOptions>>().Value));
        services.AddSingleton<StripeCalls>();
        services.AddSingleton<EventStore>();
        services.AddSingleton<EventProcessor>();
        services.AddHostedService(provider => provider.GetRequiredService<EventProcessor>());
        services.AddHostedService<EventSweeper>();
        services.AddHostedService<EventReconciler>();
    }

    private static PaymentRules RulesOf(StripeOptions options) => new(
        options.LiveMode, options.CallLease, options.MaxRetryDelay, options.MaxTransientDeclines);

    /// <summary>
    /// One client for all: its handler pools connections and outlives none of them.
    /// </summary>
    private static StripeClient CreateClient(StripeOptions options)
    {
        var pool = new SocketsHttpHandler
        {
            // Several idle ones stay, so that a burst does not begin with handshakes.
            MaxConnectionsPerServer = options.MaxConcurrentCalls,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        var http = new HttpClient(new ResilienceHandler(RateLimitRetry(options))
        {
            InnerHandler = pool,
        })
        {
            Timeout = options.CallTimeout,
        };
        return new StripeClient(new StripeClientOptions
        {
            ApiKey = options.ApiKey,
            ApiBase = options.ApiBase?.TrimEnd('/'),
            HttpClient = new SystemNetHttpClient(
                http, options.MaxNetworkRetries, AppInfo, enableTelemetry: false),
        });
    }

    private static AppInfo AppInfo => new()
    {
        Name = "Artesanos",
        Version = typeof(StripeSetup).Assembly.GetName().Version?.ToString(3),
    };

    /// <summary>
    /// For 429 only. The SDK itself retries connection errors, 409 and 5xx, and a second layer
    /// would multiply its tries.
    /// </summary>
    private static ResiliencePipeline<HttpResponseMessage> RateLimitRetry(StripeOptions options) =>
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new HttpRetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Result?.StatusCode == HttpStatusCode.TooManyRequests),
                MaxRetryAttempts = options.MaxRateLimitRetries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(250),
                MaxDelay = TimeSpan.FromSeconds(5),
                UseJitter = true,
            })
            .Build();
}

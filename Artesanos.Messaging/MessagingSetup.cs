using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Data;
using Artesanos.Messaging.DeadLetters;
using Artesanos.Messaging.Metrics;
using Artesanos.Messaging.Nats;
using Artesanos.Messaging.Outbox;
using Artesanos.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Artesanos.Messaging;

public static class MessagingSetup
{
    /// <summary>
    /// Adds outbox, inbox, consumers and dead letters to a service that has a database
    /// (<c>AddDatabase</c>) and a NATS client (<c>AddNatsClient</c>).
    /// </summary>
    public static MessagingBuilder AddMessaging(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<MessagingOptions>(MessagingOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Topology>();
        services.AddSingleton<OutboxPublisher>();
        services.AddSingleton(provider => new Outbox.Outbox(
            provider.GetRequiredService<OutboxPublisher>(),
            provider.GetRequiredService<IOptions<MessagingOptions>>()));
        services.AddSingleton<DeadLetterStore>();
        services.AddSingleton<DeadLetterDesk>();
        services.AddSingleton<StreamsReady>();

        // Stopped in reverse: consumers finish their batches, then the outbox empties.
        services.AddHostedService(provider => provider.GetRequiredService<StreamsReady>());
        services.AddHostedService(provider => provider.GetRequiredService<OutboxPublisher>());
        services.AddHostedService<OutboxSweeper>();
        services.AddSingleton<ISample, MessageTableSample>();
        services.AddSingleton<ISample, ConsumerSample>();
        services.AddHostedService<Sampler>();
        services.AddRetention<MessagingOptions>(options => new Retention(
            "outbox", "id", "id < $2 AND published_at < $1", options.KeepPublished));
        services.AddRetention<MessagingOptions>(options => new Retention(
            "inbox", "id", "id < $2 AND handled_at < $1", options.KeepHandled));
        services.AddRetention<MessagingOptions>(options => new Retention(
            "dead_letters", "id", "id < $2 AND resolved_at < $1", options.KeepDeadLetters));
        services.AddHostedService<DeleteOldRows>();
        return new MessagingBuilder(services);
    }

    /// <summary>Lets old rows of one more table be deleted.</summary>
    public static void AddRetention<TOptions>(
        this IServiceCollection services, Func<TOptions, Retention> rule)
        where TOptions : class =>
        services.AddSingleton(provider =>
            rule(provider.GetRequiredService<IOptions<TOptions>>().Value));
}

public sealed class MessagingBuilder
{
    private readonly IServiceCollection _services;
    private readonly List<Subscription> _subscriptions = [];

    internal MessagingBuilder(IServiceCollection services)
    {
        _services = services;
        _services.AddSingleton<IReadOnlyList<Subscription>>(_subscriptions);
        _services.AddHostedService<AbandonedMessages>();
    }

    /// <summary>Lets one handler receive what matches one filter subject of a stream.</summary>
    /// <param name="durable">Name of the durable consumer, unique per stream.</param>
    public MessagingBuilder Consume<THandler>(string stream, string filter, string durable)
        where THandler : class, IMessageHandler
    {
        var subscription = new Subscription(stream, filter, durable, typeof(THandler));
        _subscriptions.Add(subscription);
        _services.TryAddSingleton<THandler>();
        _services.AddSingleton<IHostedService>(provider =>
            ActivatorUtilities.CreateInstance<BatchConsumer>(
                provider, subscription, BatchProcessor.For(subscription, provider)));
        return this;
    }
}

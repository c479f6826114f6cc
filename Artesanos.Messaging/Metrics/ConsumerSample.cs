using System.Diagnostics.Metrics;
using Artesanos.Messaging.Consuming;
using Artesanos.Messaging.Nats;
using Artesanos.ServiceDefaults.Metrics;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Artesanos.Messaging.Metrics;

/// <summary>How far behind the service's consumers are, as the broker sees it.</summary>
internal sealed class ConsumerSample(
    IReadOnlyList<Subscription> subscriptions, INatsJSContext jetStream, StreamsReady ready,
    TimeProvider time)
    : ISample
{
    private readonly SampledGauge _pending = new(MessagingMetrics.Meter, "consumer.pending",
        "{message}", "Messages of the stream that were not delivered yet.", time);

    private readonly SampledGauge _inHand = new(MessagingMetrics.Meter, "consumer.ack_pending",
        "{message}", "Messages delivered and not acknowledged yet.", time);

    private readonly SampledGauge _redelivered = new(MessagingMetrics.Meter,
        "consumer.redelivered", "{message}",
        "Messages delivered more than once and not acknowledged yet.", time);

    private readonly SampledGauge _lag = new(MessagingMetrics.Meter, "inbox.lag",
        "s", "Age of the oldest message that was not acknowledged yet.", time);

    public async Task TakeAsync(CancellationToken ct)
    {
        if (!ready.IsDeclared)
        {
            return;
        }
        var (pending, inHand) = (NewList(), NewList());
        var (redelivered, lag) = (NewList(), NewList());
        foreach (var subscription in subscriptions)
        {
            var consumer = await jetStream.GetConsumerAsync(
                subscription.Stream, subscription.Durable, ct);
            var labels = new KeyValuePair<string, object?>[]
            {
                new("stream", subscription.Stream), new("consumer", subscription.Durable),
            };
            var info = consumer.Info;
            var waiting = info.NumPending > 0 || info.NumAckPending > 0;
            pending.Add(new(info.NumPending, labels));
            inHand.Add(new(info.NumAckPending, labels));
            redelivered.Add(new(info.NumRedelivered, labels));
            lag.Add(new(waiting ? await AgeAsync(subscription, info, ct) : 0, labels));
        }
        _pending.Set(pending);
        _inHand.Set(inHand);
        _redelivered.Set(redelivered);
        _lag.Set(lag);
    }

    private async Task<double> AgeAsync(
        Subscription subscription, ConsumerInfo info, CancellationToken ct)
    {
        try
        {
            var stream = await jetStream.GetStreamAsync(
                subscription.Stream, cancellationToken: ct);
            var oldest = (await stream.GetAsync(new StreamMsgGetRequest
            {
                Seq = info.AckFloor.StreamSeq + 1,
                NextBySubj = subscription.Filter,
            }, ct)).Message;
            return Math.Max(0, (time.GetUtcNow() - oldest.Time).TotalSeconds);
        }
        catch (NatsJSApiException nothing) when (nothing.Error.Code == 404)
        {
            // Acknowledged meanwhile.
            return 0;
        }
    }

    private List<Measurement<double>> NewList() => new(subscriptions.Count);
}

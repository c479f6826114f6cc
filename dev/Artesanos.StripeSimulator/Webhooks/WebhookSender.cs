using System.Threading.Channels;
using Artesanos.StripeSimulator.Control;
using Artesanos.StripeSimulator.Events;
using Microsoft.Extensions.Options;

namespace Artesanos.StripeSimulator.Webhooks;

/// <summary>Delivers events as they happen: a bounded queue, several workers, retries with
/// growing pauses, a fresh signature on each attempt.</summary>
internal sealed partial class WebhookSender : BackgroundService
{
    private readonly WebhookOptions _options;
    private readonly IReadOnlyList<TimeSpan> _retryDelays;
    private readonly FaultPlan _faults;
    private readonly TimeProvider _time;
    private readonly ILogger<WebhookSender> _log;
    private readonly Channel<WebhookDelivery> _queue;
    private readonly WebhookTransport _transport;
    private readonly CancellationTokenSource _stopping = new();

    // Held by a reorder fault; released by the next delivery.
    private WebhookDelivery? _held;

    public WebhookSender(
        IOptions<WebhookOptions> options, FaultPlan faults, TimeProvider time,
        ILogger<WebhookSender> log)
    {
        _options = options.Value;
        _retryDelays = _options.RetryDelays.Length > 0
            ? _options.RetryDelays
            : WebhookOptions.DefaultRetryDelays;
        _faults = faults;
        _time = time;
        _log = log;
        _queue = Channel.CreateBounded<WebhookDelivery>(_options.MaxQueued);
        _transport = new WebhookTransport(_options, time);
    }

    public WebhookCounts Counts { get; } = new();

    /// <summary>Takes an event on its way. Never waits: it is called under the account's lock.
    /// </summary>
    public void Send(StripeEvent happened, WebhookEndpoint endpoint)
    {
        Counts.Began();
        var delivery = new WebhookDelivery(happened, endpoint);
        var fault = _faults.Strike(
            happened.Type, FaultKind.IsForWebhooks, happened.Intent);
        switch (fault?.Kind)
        {
            case FaultKind.WebhookDrop:
                Counts.DroppedOne();
                Settle(delivery, delivered: false);
                return;
            case FaultKind.WebhookDelay:
                _ = EnqueueLaterAsync(delivery, fault.Delay);
                return;
            case FaultKind.WebhookReorder:
                Hold(delivery, fault.Delay);
                return;
            case FaultKind.WebhookDuplicate:
                delivery.Copies = 2;
                break;
            default:
                break;
        }

        delivery.Overtaken = Interlocked.Exchange(ref _held, null);
        Enqueue(delivery);
    }

    public override void Dispose()
    {
        _stopping.Dispose();
        _transport.Dispose();
        base.Dispose();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, _options.Concurrency)
            .Select(_ => Task.Run(() => DeliverAllAsync(stoppingToken), stoppingToken)));

    private async Task DeliverAllAsync(CancellationToken stopping)
    {
        await foreach (var delivery in _queue.Reader.ReadAllAsync(stopping))
        {
            var delivered = await AttemptAsync(delivery, stopping);
            if (delivery.Overtaken is { } overtaken)
            {
                delivery.Overtaken = null;
                Enqueue(overtaken);
            }

            if (delivered && --delivery.Copies > 0)
            {
                Enqueue(delivery);
            }
            else if (delivered)
            {
                Settle(delivery, delivered: true);
            }
            else
            {
                Retry(delivery);
            }
        }
    }

    private async Task<bool> AttemptAsync(WebhookDelivery delivery, CancellationToken stopping)
    {
        delivery.Attempts++;
        Counts.Tried();
        var failure = await _transport.PostAsync(delivery, stopping);
        if (failure is not null)
        {
            LogNotDelivered(
                delivery.Event.Id, delivery.Event.Type, delivery.Attempts, failure);
        }

        return failure is null;
    }

    private void Retry(WebhookDelivery delivery)
    {
        if (delivery.Attempts > _retryDelays.Count)
        {
            LogGivenUp(delivery.Event.Id, delivery.Event.Type, delivery.Attempts);
            Settle(delivery, delivered: false);
            return;
        }

        // A tenth of jitter, so that deliveries that failed together do not return together.
        var pause = _retryDelays[delivery.Attempts - 1];
        var jitter = pause * (Random.Shared.NextDouble() / 10);
        _ = EnqueueLaterAsync(delivery, pause + jitter);
    }

    private void Hold(WebhookDelivery delivery, TimeSpan atMost)
    {
        if (Interlocked.Exchange(ref _held, delivery) is { } earlier)
        {
            Enqueue(earlier);
        }

        _ = ReleaseLaterAsync(delivery, atMost);
    }

    private async Task ReleaseLaterAsync(WebhookDelivery delivery, TimeSpan after)
    {
        if (await PauseAsync(after)
            && Interlocked.CompareExchange(ref _held, null, delivery) == delivery)
        {
            Enqueue(delivery);
        }
    }

    private async Task EnqueueLaterAsync(WebhookDelivery delivery, TimeSpan after)
    {
        if (await PauseAsync(after))
        {
            Enqueue(delivery);
        }
    }

    /// <summary>False when the simulator stops meanwhile.</summary>
    private async Task<bool> PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, _time, _stopping.Token);
            return true;
        }
        catch (Exception error) when (error is OperationCanceledException
            or ObjectDisposedException)
        {
            return false;
        }
    }

    private void Enqueue(WebhookDelivery delivery)
    {
        if (!_queue.Writer.TryWrite(delivery))
        {
            LogQueueFull(delivery.Event.Id, _options.MaxQueued);
            Settle(delivery, delivered: false);
        }
    }

    private void Settle(WebhookDelivery delivery, bool delivered)
    {
        delivery.Event.DeliverySettled(delivered);
        Counts.Settled(delivered);
    }

    [LoggerMessage(LogLevel.Warning,
        "Webhook {EventId} ({Type}), attempt {Attempt}, was not taken: {Reason}")]
    private partial void LogNotDelivered(
        string eventId, string type, int attempt, string reason);

    [LoggerMessage(LogLevel.Error,
        "Webhook {EventId} ({Type}) given up after {Attempts} attempts")]
    private partial void LogGivenUp(string eventId, string type, int attempts);

    [LoggerMessage(LogLevel.Error,
        "Webhook {EventId} not delivered: {Limit} deliveries are waiting already")]
    private partial void LogQueueFull(string eventId, int limit);
}

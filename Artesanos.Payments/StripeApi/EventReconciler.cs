using System.Text;
using System.Text.Json;
using Artesanos.Messaging;
using Artesanos.Payments.Charging;
using Microsoft.Extensions.Options;
using Npgsql;
using Stripe;

namespace Artesanos.Payments.StripeApi;

/// <summary>
/// Reads the events that Stripe could not deliver and lets them go the way of the webhook: stored
/// once by their id, then processed. One replica at a time, a bounded number of pages each time.
/// </summary>
internal sealed partial class EventReconciler(
    NpgsqlDataSource database, StripeClient client, EventStore store, EventProcessor processor,
    IOptions<StripeOptions> options, TimeProvider time, ILogger<EventReconciler> logger)
    : BackgroundService
{
    private const int PageSize = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReconcileInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception outage) when (!stoppingToken.IsCancellationRequested
                && outage is NpgsqlException or OverloadedException or StripeException
                    or HttpRequestException or OperationCanceledException or JsonException)
            {
                // What was read is stored; the rest is read again when the lease ends.
                LogFailed(logger, outage.GetType().Name);
            }
        }
    }

    private async Task RunAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var settings = options.Value;
        var lease = settings.ReconcileMaxEventPages * settings.CallTimeout;
        if (await EventRound.ClaimAsync(database, now, lease, ct) is not { } round)
        {
            return;
        }
        // Younger events are still on their way by webhook.
        var until = round.RoundUntil ?? now - settings.ReconcileAfter;
        var (cursor, found) = await ReadAsync(round, until, ct);
        await EventRound.SaveAsync(database, round, new EventRound
        {
            NextRunAt = time.GetUtcNow() + settings.ReconcileInterval,
            CompleteUntil = cursor is null ? until : round.CompleteUntil,
            RoundUntil = cursor is null ? null : until,
            StartingAfter = cursor,
        }, ct);
        if (found > 0)
        {
            LogFound(logger, found);
        }
    }

    /// <returns>The last event read if there are more, and how many were new.</returns>
    private async Task<(string? Cursor, int Found)> ReadAsync(
        EventRound round, DateTimeOffset until, CancellationToken ct)
    {
        var (cursor, found) = (round.StartingAfter, 0);
        for (var page = 0; page < options.Value.ReconcileMaxEventPages; page++)
        {
            var events = await ListAsync(PageAfter(cursor, round.CompleteUntil, until), ct);
            found += await StoreAsync(events.StripeResponse.Content);
            if (!events.HasMore || events.Data.Count == 0)
            {
                return (null, found);
            }
            cursor = events.Data[^1].Id;
        }
        return (cursor, found);
    }

    private async Task<StripeList<Event>> ListAsync(EventListOptions page, CancellationToken ct)
    {
        try
        {
            return await client.V1.Events.ListAsync(page, null, ct);
        }
        catch (StripeException gone) when (page.StartingAfter is not null
            && gone.StripeError?.Code == "resource_missing")
        {
            // Stripe keeps events for 30 days; without its mark the round begins anew.
            page.StartingAfter = null;
            return await client.V1.Events.ListAsync(page, null, ct);
        }
    }

    private EventListOptions PageAfter(
        string? cursor, DateTimeOffset? completeUntil, DateTimeOffset until) => new()
        {
            Limit = PageSize,
            StartingAfter = cursor,
            DeliverySuccess = false,
            Types = [.. StripeEvent.HandledTypes],
            Created = new DateRangeOptions
            {
                // The spans overlap, for events that Stripe lists a little late.
                GreaterThanOrEqual = (completeUntil - options.Value.ReconcileAfter)?.UtcDateTime,
                LessThanOrEqual = until.UtcDateTime,
            },
        };

    private async Task<int> StoreAsync(string page)
    {
        // The bytes of each event, as a webhook would have had them.
        using var document = JsonDocument.Parse(page);
        var received = document.RootElement.GetProperty("data").EnumerateArray()
            .Select(item => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(item.GetRawText()))
            .Select(body => (Event: StripeEvent.Parse(body), Body: body))
            .ToList();
        var isNew = await Task.WhenAll(
            received.Select(item => store.AddAsync(item.Event, item.Body)));
        foreach (var (item, _) in received.Zip(isNew).Where(pair => pair.Second))
        {
            PaymentMetrics.Found("event");
            processor.HandOver(item.Event);
        }
        return isNew.Count(one => one);
    }

    [LoggerMessage(LogLevel.Warning,
        "{Count} events had not been delivered and were fetched; are webhooks being lost?")]
    private static partial void LogFound(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "Undelivered events were not read: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}

using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using Artesanos.Orders.Data;
using Artesanos.Orders.Ordering;
using Artesanos.Orders.Saga;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Orders.Live;

/// <summary>
/// GET /orders/{id}/events: every state of the order as a server-sent event <c>status</c>, those
/// of the past first, those after <c>Last-Event-ID</c> when a client comes back. It ends after
/// the last state; 204 tells a client that knows that one not to come again.
/// </summary>
internal static class FollowOrder
{
    private const string StatusEvent = "status";
    private const string HeartbeatEvent = "heartbeat";
    private const string RetryAfterSeconds = "5";

    /// <param name="id">The order.</param>
    /// <param name="lastEventId">The id of the last event that the client has seen.</param>
    public static async Task<Results<ServerSentEventsResult<string>, NoContent, ProblemHttpResult>>
        HandleAsync(
            Guid id, [FromHeader(Name = "Last-Event-ID")] string? lastEventId,
            ClaimsPrincipal caller, OrdersDbContext database, OrderWatchers watchers,
            HttpResponse response, CancellationToken ct)
    {
        var after = 0;
        if (!string.IsNullOrEmpty(lastEventId)
            && !int.TryParse(
                lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            return Problems.Validation("Last-Event-ID", "must be the id of an event of this order");
        }
        var customer = caller.Subject();
        var order = await database.Orders
            .Where(order => order.Id == id && order.CustomerId == customer)
            .Select(order => new
            {
                order.Status,
                LastMove = database.History
                    .Where(entry => entry.OrderId == id && entry.Effect == HistoryEntry.Moved)
                    .Max(entry => entry.Version),
            })
            .FirstOrDefaultAsync(ct);
        if (order is null)
        {
            return OrdersApi.UnknownOrder();
        }
        if (OrderStatus.IsTerminal(order.Status) && order.LastMove <= after)
        {
            return TypedResults.NoContent();
        }
        var (watcher, refusal) = watchers.Add(id, customer, after);
        if (watcher is null)
        {
            response.Headers.RetryAfter = RetryAfterSeconds;
            return Problems.Of(
                refusal == OrderWatchers.Refusal.TooManyOfThisUser
                    ? StatusCodes.Status429TooManyRequests
                    : StatusCodes.Status503ServiceUnavailable,
                "too-many-streams", "Too many orders are followed at once.");
        }
        return TypedResults.ServerSentEvents(StreamAsync(watcher, watchers, ct));
    }

    private static async IAsyncEnumerable<SseItem<string>> StreamAsync(
        Watcher watcher, OrderWatchers watchers, [EnumeratorCancellation] CancellationToken ct)
    {
        try
        {
            await foreach (var move in watcher.ReadAllAsync(ct))
            {
                if (move is null)
                {
                    yield return new SseItem<string>("", HeartbeatEvent);
                    continue;
                }
                yield return new SseItem<string>(
                    JsonSerializer.Serialize(move.Entry, OrdersJson.Default.HistoryView),
                    StatusEvent)
                {
                    EventId = move.Version.ToString(CultureInfo.InvariantCulture),
                };
                if (OrderStatus.IsTerminal(move.Entry.Status))
                {
                    yield break;
                }
            }
        }
        finally
        {
            watchers.Remove(watcher);
        }
    }
}

using System.Security.Claims;
using Artesanos.Orders.Data;
using Artesanos.Orders.Saga;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Orders.Ordering;

/// <summary>GET /orders/{id}/history: every state with its time and cause, STARTED first.</summary>
internal static class GetHistory
{
    /// <param name="id">The order.</param>
    public static async Task<Results<Ok<IReadOnlyList<HistoryView>>, ProblemHttpResult>>
        HandleAsync(
            Guid id, ClaimsPrincipal caller, OrdersDbContext database, CancellationToken ct)
    {
        var customer = caller.Subject();
        if (!await database.Orders.AnyAsync(o => o.Id == id && o.CustomerId == customer, ct))
        {
            return OrdersApi.UnknownOrder();
        }
        var history = await database.History
            .Where(entry => entry.OrderId == id && entry.Effect == HistoryEntry.Moved)
            .OrderBy(entry => entry.Version)
            .Select(entry => new HistoryView(entry.Status, entry.At, entry.Cause))
            .ToListAsync(ct);
        return TypedResults.Ok<IReadOnlyList<HistoryView>>(history);
    }
}

/// <summary>A state that an order moved to.</summary>
/// <param name="Status">The state.</param>
/// <param name="At">When it moved.</param>
/// <param name="Cause">What moved it, such as InventoryReserved.</param>
internal sealed record HistoryView(string Status, DateTimeOffset At, string Cause);

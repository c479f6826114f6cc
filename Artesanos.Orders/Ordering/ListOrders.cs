using System.Security.Claims;
using Artesanos.Orders.Data;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Orders.Ordering;

/// <summary>
/// GET /orders: the caller's own, newest first. Ids are time-ordered, so a page starts where the
/// last one ended, on the index of customer and id, however deep the reader goes.
/// </summary>
internal static class ListOrders
{
    public const int MaxPage = 100;

    /// <param name="limit">Orders on a page, 1 to 100.</param>
    /// <param name="cursor">The <c>next</c> of the page before.</param>
    public static async Task<Results<Ok<OrderPage>, ProblemHttpResult>> HandleAsync(
        ClaimsPrincipal caller, OrdersDbContext database, CancellationToken ct,
        int limit = 20, string? cursor = null)
    {
        if (limit is < 1 or > MaxPage)
        {
            return Problems.Validation("limit", $"must be 1 to {MaxPage}");
        }
        if (!OrderCursor.TryRead(cursor, out var before))
        {
            return Problems.Validation("cursor", "must be the next of an earlier page");
        }
        var customer = caller.Subject();
        var own = database.Orders.Where(order => order.CustomerId == customer);
        if (before is { } id)
        {
            own = own.Where(order => order.Id < id);
        }
        // One more than asked for tells whether there is a next page.
        var orders = await own.OrderByDescending(order => order.Id).Take(limit + 1).ToListAsync(ct);
        return TypedResults.Ok(new OrderPage(
            [.. orders.Take(limit).Select(OrderView.Of)],
            orders.Count > limit ? OrderCursor.After(orders[limit - 1].Id) : null));
    }
}

/// <summary>A page of the caller's orders.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Next">The <c>cursor</c> of the following page; null on the last one.</param>
internal sealed record OrderPage(IReadOnlyList<OrderView> Items, string? Next);

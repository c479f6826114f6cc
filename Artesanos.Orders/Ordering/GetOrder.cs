using System.Security.Claims;
using System.Text.Json;
using Artesanos.Orders.Data;
using Artesanos.Orders.Saga;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Orders.Ordering;

/// <summary>GET /orders/{id}, for the shopper who placed it.</summary>
internal static class GetOrder
{
    /// <param name="id">The order.</param>
    public static async Task<Results<Ok<OrderView>, ProblemHttpResult>> HandleAsync(
        Guid id, ClaimsPrincipal caller, OrdersDbContext database, CancellationToken ct)
    {
        var customer = caller.Subject();
        var order = await database.Orders
            .FirstOrDefaultAsync(order => order.Id == id && order.CustomerId == customer, ct);
        return order is null ? OrdersApi.UnknownOrder() : TypedResults.Ok(OrderView.Of(order));
    }
}

/// <summary>An order as its shopper sees it; prices are null until the stock is reserved.</summary>
/// <param name="Id">The order.</param>
/// <param name="Status">Where it stands; COMPLETED, CANCELLED and FAILED are final.</param>
/// <param name="Reason">Why it was cancelled or failed, such as out_of_stock.</param>
/// <param name="Lines">What was ordered.</param>
/// <param name="TotalMinor">What it costs, in minor units of the currency.</param>
/// <param name="Currency">ISO 4217, such as EUR.</param>
/// <param name="PlacedAt">When it was placed.</param>
/// <param name="UpdatedAt">When it last moved.</param>
internal sealed record OrderView(
    Guid Id, string Status, string? Reason, IReadOnlyList<OrderedLine> Lines, long? TotalMinor,
    string? Currency, DateTimeOffset PlacedAt, DateTimeOffset UpdatedAt)
{
    public static OrderView Of(OrderRow order) => new(
        order.Id, order.Status, order.Reason,
        JsonSerializer.Deserialize(order.Lines, OrdersJson.Default.IReadOnlyListOrderedLine)!,
        order.TotalMinor, order.Currency, order.PlacedAt, order.UpdatedAt);
}

using Artesanos.Messaging.Contracts;
using Artesanos.Orders.Data;
using Artesanos.Orders.Ordering;
using Artesanos.Orders.Saga;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Orders.Operations;

/// <summary>
/// GET /orders/operations/stuck: sagas whose command stays unanswered, the oldest order first.
/// They are never given up: the command is still sent again with the longest delay.
/// </summary>
internal static class ListStuckSagas
{
    /// <param name="limit">Orders on a page, 1 to 100.</param>
    /// <param name="cursor">The <c>next</c> of the page before.</param>
    public static async Task<Results<Ok<StuckPage>, ProblemHttpResult>> HandleAsync(
        OrdersDbContext database, CancellationToken ct, int limit = 50, string? cursor = null)
    {
        if (limit is < 1 or > ListOrders.MaxPage)
        {
            return Problems.Validation("limit", $"must be 1 to {ListOrders.MaxPage}");
        }
        if (!OrderCursor.TryRead(cursor, out var after))
        {
            return Problems.Validation("cursor", "must be the next of an earlier page");
        }
        var stuck = database.Orders.Where(order => order.StuckSince != null);
        if (after is { } id)
        {
            stuck = stuck.Where(order => order.Id > id);
        }
        var sagas = await stuck.OrderBy(order => order.Id).Take(limit + 1).ToListAsync(ct);
        return TypedResults.Ok(new StuckPage(
            [.. sagas.Take(limit).Select(StuckSaga.Of)],
            sagas.Count > limit ? OrderCursor.After(sagas[limit - 1].Id) : null));
    }
}

/// <summary>A page of stuck sagas.</summary>
/// <param name="Items">The oldest order first.</param>
/// <param name="Next">The <c>cursor</c> of the following page; null on the last one.</param>
internal sealed record StuckPage(IReadOnlyList<StuckSaga> Items, string? Next);

/// <summary>A saga an operator should look at.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Step">What is being undone while COMPENSATING: payment or stock.</param>
/// <param name="Reason">Why it is being undone.</param>
/// <param name="WaitsFor">The command that is not answered, such as <c>CancelPayment</c>.</param>
/// <param name="StuckSince">When it had been sent again often enough to be called stuck.</param>
/// <param name="Resends">How often it was sent again.</param>
/// <param name="NextResendAt">When the saga sends it again by itself.</param>
/// <param name="RefundOwed">The shopper has paid and is owed the money.</param>
/// <param name="PlacedAt">When the order was placed.</param>
internal sealed record StuckSaga(
    Guid OrderId, string Status, string? Step, string? Reason, string WaitsFor,
    DateTimeOffset StuckSince, int Resends, DateTimeOffset? NextResendAt, bool RefundOwed,
    DateTimeOffset PlacedAt)
{
    public static StuckSaga Of(OrderRow order) => new(
        order.Id, order.Status, order.CompensationStep, order.Reason,
        OrderStatus.State(order.Status, order.CompensationStep) switch
        {
            SagaState.Started => nameof(ReserveInventory),
            SagaState.StockReserved or SagaState.PaymentPending => nameof(ProcessPayment),
            SagaState.Confirming => nameof(CommitInventory),
            SagaState.CompensatingStock => nameof(ReleaseInventory),
            _ => nameof(CancelPayment),
        },
        order.StuckSince!.Value, order.Resends, order.Deadline, order.RefundOwed,
        order.PlacedAt);
}

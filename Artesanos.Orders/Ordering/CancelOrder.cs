using System.Security.Claims;
using Artesanos.Orders.Data;
using Artesanos.Orders.Saga;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Orders.Ordering;

/// <summary>
/// POST /orders/{id}/cancel: 202 while the order is being undone, 200 when it already is
/// (CANCELLED, or FAILED on its own), 409 once the sale cannot be stopped. Asking again changes
/// nothing.
/// </summary>
internal static class CancelOrder
{
    /// <param name="id">The order.</param>
    public static Task<Results<Accepted<OrderView>, Ok<OrderView>, ProblemHttpResult>> HandleAsync(
        Guid id, ClaimsPrincipal caller, OrderCancellation cancellation, CancellationToken ct) =>
        cancellation.CancelAsync(
            id, caller.Subject(), saga => saga.CustomerId == caller.Subject(),
            Reasons.CancelledByCustomer, ct);

    /// <summary>
    /// POST /orders/operations/{id}/cancel: the same for any order, by an operator.
    /// </summary>
    /// <param name="id">The order.</param>
    public static Task<Results<Accepted<OrderView>, Ok<OrderView>, ProblemHttpResult>>
        HandleOperatorAsync(
            Guid id, ClaimsPrincipal caller, OrderCancellation cancellation,
            CancellationToken ct) =>
        cancellation.CancelAsync(
            id, caller.Subject(), _ => true, Reasons.CancelledByOperator, ct);
}

/// <summary>Asks a saga to undo itself, in one transaction with its first compensation.</summary>
internal sealed class OrderCancellation(
    SagaRequests requests, OrdersDbContext database)
{
    public async Task<Results<Accepted<OrderView>, Ok<OrderView>, ProblemHttpResult>> CancelAsync(
        Guid id, string askedBy, Func<OrderSaga, bool> mayAsk, string reason, CancellationToken ct)
    {
        var step = await requests.AskAsync(id, new CancelAsked(reason), askedBy, mayAsk, ct);
        if (step is null)
        {
            return OrdersApi.UnknownOrder();
        }
        if (step.Kind == StepKind.Refused)
        {
            return Problems.Conflict("order-not-cancellable", step.Saga.State switch
            {
                SagaState.Completed => "The order is completed: it is paid and its goods are sold.",
                _ => "The order is paid and is being completed.",
            });
        }
        var view = OrderView.Of(await database.Orders.FirstAsync(order => order.Id == id, ct));
        return step.Saga.State is SagaState.Cancelled or SagaState.Failed
            ? TypedResults.Ok(view)
            : TypedResults.Accepted($"/orders/{id}", view);
    }
}

using System.Security.Claims;
using Artesanos.Orders.Saga;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Artesanos.Orders.Operations;

/// <summary>
/// POST /orders/operations/stuck/{id}/retry: the pending command is sent at once and the saga
/// counts from the start. 204, 404, or 409 when the saga is not stuck (any more).
/// </summary>
internal static class RetryStuckSaga
{
    /// <param name="id">The order.</param>
    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Guid id, ClaimsPrincipal caller, SagaRequests requests, CancellationToken ct)
    {
        var step = await requests.AskAsync(
            id, new RetryAsked(), caller.Subject(), mayAsk: _ => true, ct);
        return step?.Kind switch
        {
            null => Problems.NotFound("There is no such order."),
            StepKind.Resent => TypedResults.NoContent(),
            _ => Problems.Conflict("order-not-stuck", "The order does not wait for a retry."),
        };
    }
}

using Artesanos.Orders.Ordering;
using Artesanos.ServiceDefaults;

namespace Artesanos.Orders.Operations;

internal static class OperationsApi
{
    /// <summary>
    /// What operators do with sagas: see the stuck ones, retry them, read a saga's whole log,
    /// cancel any order. Who asked stays in the order's history.
    /// </summary>
    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        var operations = routes.MapGroup("/orders/operations")
            .RequireAuthorization(Roles.Operator)
            .WithTags("Operations");
        operations.MapGet("/stuck", ListStuckSagas.HandleAsync)
            .WithName("ListStuckSagas")
            .WithSummary("Orders whose command stays unanswered, the oldest first.");
        operations.MapPost("/stuck/{id:guid}/retry", RetryStuckSaga.HandleAsync)
            .WithName("RetryStuckSaga").WithSummary("Sends the pending command again at once.")
            .WithProblem(404, "not-found").WithProblem(409, "order-not-stuck");
        operations.MapGet("/{id:guid}/history", GetSagaLog.HandleAsync)
            .WithName("GetSagaLog")
            .WithSummary("Everything that met an order, with who asked for what.")
            .WithProblem(404, "not-found");
        operations.MapPost("/{id:guid}/cancel", CancelOrder.HandleOperatorAsync)
            .WithName("CancelAnyOrder").WithSummary("Cancels an order of anybody.")
            .WithProblem(404, "not-found").WithProblem(409, "order-not-cancellable");
    }
}

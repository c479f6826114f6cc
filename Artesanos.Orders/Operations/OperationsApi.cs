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
        operations.MapGet("/stuck", ListStuckSagas.HandleAsync);
        operations.MapPost("/stuck/{id:guid}/retry", RetryStuckSaga.HandleAsync);
        operations.MapGet("/{id:guid}/history", GetSagaLog.HandleAsync);
        operations.MapPost("/{id:guid}/cancel", CancelOrder.HandleOperatorAsync);
    }
}

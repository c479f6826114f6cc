using Artesanos.Orders.Ordering;
using Artesanos.ServiceDefaults;

namespace Artesanos.Orders.Operations;

internal static class OperationsApi
{
    private const string StuckExample = """
        {"items":[{"orderId":"01a20cda-7db0-7cbb-affe-231f132e9517","status":"COMPENSATING",
          "step":"payment","reason":"payment_timeout","waitsFor":"CancelPayment",
          "stuckSince":"2026-11-24T09:29:35.344105+00:00","resends":7,
          "nextResendAt":"2026-11-24T09:44:35.344105+00:00","refundOwed":false,
          "placedAt":"2026-11-24T09:19:35.344105+00:00"}],"next":null}
        """;

    private const string LogExample = """
        [{"version":1,"status":"STARTED","step":null,"effect":"MOVED","cause":"OrderPlaced",
          "messageId":null,"askedBy":null,"at":"2026-11-24T09:19:35.344105+00:00"},
         {"version":2,"status":"COMPENSATING","step":"payment","effect":"MOVED",
          "cause":"CancelAsked","messageId":null,"askedBy":"eva",
          "at":"2026-11-24T09:19:36.120417+00:00"}]
        """;

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
            .WithSummary("Orders whose command stays unanswered, the oldest first.")
            .WithResponseExample(200, StuckExample);
        operations.MapPost("/stuck/{id:guid}/retry", RetryStuckSaga.HandleAsync)
            .WithName("RetryStuckSaga").WithSummary("Sends the pending command again at once.")
            .WithProblem(404, "not-found").WithProblem(409, "order-not-stuck");
        operations.MapGet("/{id:guid}/history", GetSagaLog.HandleAsync)
            .WithName("GetSagaLog")
            .WithSummary("Everything that met an order, with who asked for what.")
            .WithResponseExample(200, LogExample)
            .WithProblem(404, "not-found");
        operations.MapPost("/{id:guid}/cancel", CancelOrder.HandleOperatorAsync)
            .WithName("CancelAnyOrder").WithSummary("Cancels an order of anybody.")
            .WithResponseExample(202, OrderExamples.Cancelling)
            .WithResponseExample(200, OrderExamples.Cancelled)
            .WithProblem(404, "not-found").WithProblem(409, "order-not-cancellable");
    }
}

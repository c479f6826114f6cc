using Artesanos.Orders.Live;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Artesanos.Orders.Ordering;

internal static class OrdersApi
{
    private const string OrderExample = """
        {"id":"01a20cda-7db0-7cbb-affe-231f132e9517","status":"COMPLETED","reason":null,
         "lines":[{"productId":"01970000-0000-7000-8000-000000000001","quantity":2,
                   "name":"Jarra de cerámica verde de Úbeda","unitPriceMinor":3850}],
         "totalMinor":7700,"currency":"EUR","placedAt":"2026-11-24T09:19:35.344105+00:00",
         "updatedAt":"2026-11-24T09:19:35.423658+00:00"}
        """;

    /// <summary>What shoppers do with orders. Every endpoint needs a token; orders of others do
    /// not exist.</summary>
    public static void MapOrders(this IEndpointRouteBuilder routes)
    {
        var orders = routes.MapGroup("/orders").WithTags("Orders");
        orders.MapPost("/", PlaceOrder.HandleAsync)
            .WithName("PlaceOrder").WithSummary("Places an order.")
            .WithDescription(
                "It is stored and answered at once; reserving and paying follow. The same "
                + "Idempotency-Key with the same body is the same order for 24 hours, however "
                + "often and from wherever it is sent. With a paymentMethodId the payment is "
                + "confirmed on the server, without one by the shopper's browser. A total other "
                + "than expectedTotalMinor ends the order unpaid (price_changed).")
            .WithRequestExample("""
                {"lines":[{"productId":"01970000-0000-7000-8000-000000000001","quantity":2}],
                 "paymentMethodId":"pm_card_visa","expectedTotalMinor":7700}
                """)
            .WithResponseExample(201, """
                {"id":"01a20cda-7db0-7cbb-affe-231f132e9517","status":"STARTED",
                 "placedAt":"2026-11-24T09:19:35.344105+00:00"}
                """)
            .WithProblem(422, "idempotency-key-reused").WithProblem(503, "overloaded");
        orders.MapGet("/", ListOrders.HandleAsync)
            .WithName("ListOrders").WithSummary("The caller's orders, newest first.")
            .WithDescription("Pages of limit (1 to 100) orders; cursor is the next of the page "
                + "before.");
        orders.MapGet("/{id:guid}", GetOrder.HandleAsync)
            .WithName("GetOrder").WithSummary("One of the caller's orders.")
            .WithDescription(
                "Status is STARTED, STOCK_RESERVED, PAYMENT_PENDING, CONFIRMING, COMPENSATING, "
                + "COMPLETED, CANCELLED or FAILED; the last three are final. Prices are null "
                + "until the stock is reserved. Money is in minor units (cents).")
            .WithResponseExample(200, OrderExample).WithProblem(404, "not-found");
        orders.MapGet("/{id:guid}/history", GetHistory.HandleAsync)
            .WithName("GetHistory")
            .WithSummary("Every state of an order with its time and cause.")
            .WithResponseExample(200, """
                [{"status":"STARTED","at":"2026-11-24T09:19:35.344105+00:00","cause":"OrderPlaced"},
                 {"status":"STOCK_RESERVED","at":"2026-11-24T09:19:35.362053+00:00",
                  "cause":"InventoryReserved"}]
                """)
            .WithProblem(404, "not-found");
        orders.MapGet("/{id:guid}/events", FollowOrder.HandleAsync)
            .DisableRequestTimeout()
            .WithName("FollowOrder").WithSummary("An order's states as they come.")
            .WithDescription(
                "Server-sent events: `status` with the data of an entry of the history and the "
                + "id to come back with in Last-Event-ID; `heartbeat` after 15 seconds without "
                + "another. Ends after the final state; 204 when the client has seen that one.")
            .WithProblem(404, "not-found").WithProblem(429, "too-many-streams")
            .WithProblem(503, "too-many-streams");
        orders.MapPost("/{id:guid}/cancel", CancelOrder.HandleAsync)
            .WithName("CancelOrder").WithSummary("Asks to undo an order.")
            .WithDescription(
                "202 while it is being undone, 200 when it is, 409 once the sale cannot be "
                + "stopped. Asking again changes nothing.")
            .WithResponseExample(202, OrderExample)
            .WithProblem(404, "not-found").WithProblem(409, "order-not-cancellable");
    }

    public static ProblemHttpResult UnknownOrder() =>
        Problems.NotFound("There is no such order.");
}

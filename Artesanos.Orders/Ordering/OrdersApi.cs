using System.Net.Mime;
using Artesanos.Orders.Live;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Artesanos.Orders.Ordering;

internal static class OrdersApi
{
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
            .WithRequestExample(OrderExamples.Place)
            .WithResponseExample(201, OrderExamples.Placed)
            .WithProblem(422, "idempotency-key-reused").WithProblem(503, "overloaded");
        orders.MapGet("/", ListOrders.HandleAsync)
            .WithName("ListOrders").WithSummary("The caller's orders, newest first.")
            .WithDescription("Pages of limit (1 to 100) orders; cursor is the next of the page "
                + "before.")
            .WithResponseExample(200, OrderExamples.Page);
        orders.MapGet("/{id:guid}", GetOrder.HandleAsync)
            .WithName("GetOrder").WithSummary("One of the caller's orders.")
            .WithDescription(
                "Status is STARTED, STOCK_RESERVED, PAYMENT_PENDING, CONFIRMING, COMPENSATING, "
                + "COMPLETED, CANCELLED or FAILED; the last three are final. Prices are null "
                + "until the stock is reserved. Money is in minor units (cents).")
            .WithResponseExample(200, OrderExamples.Completed)
            .WithProblem(404, "not-found");
        orders.MapGet("/{id:guid}/history", GetHistory.HandleAsync)
            .WithName("GetHistory")
            .WithSummary("Every state of an order with its time and cause.")
            .WithResponseExample(200, OrderExamples.History)
            .WithProblem(404, "not-found");
        orders.MapGet("/{id:guid}/events", FollowOrder.HandleAsync)
            .Produces<string>(contentType: MediaTypeNames.Text.EventStream)
            .DisableRequestTimeout()
            .WithName("FollowOrder").WithSummary("An order's states as they come.")
            .WithDescription(
                "Server-sent events: `status` with the data of an entry of the history and the "
                + "id to come back with in Last-Event-ID; `heartbeat` after 15 seconds without "
                + "another. Ends after the final state; 204 when the client has seen that one.")
            .WithResponseExample(200, OrderExamples.Events)
            .WithProblem(404, "not-found").WithProblem(429, "too-many-streams")
            .WithProblem(503, "too-many-streams");
        orders.MapPost("/{id:guid}/cancel", CancelOrder.HandleAsync)
            .WithName("CancelOrder").WithSummary("Asks to undo an order.")
            .WithDescription(
                "202 while it is being undone, 200 when it is, 409 once the sale cannot be "
                + "stopped. Asking again changes nothing.")
            .WithResponseExample(202, OrderExamples.Cancelling)
            .WithResponseExample(200, OrderExamples.Cancelled)
            .WithProblem(404, "not-found").WithProblem(409, "order-not-cancellable");
    }

    public static ProblemHttpResult UnknownOrder() =>
        Problems.NotFound("There is no such order.");
}

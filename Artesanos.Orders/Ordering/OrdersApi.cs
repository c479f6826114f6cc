using Artesanos.ServiceDefaults;

namespace Artesanos.Orders.Ordering;

internal static class OrdersApi
{
    /// <summary>What shoppers do with orders. Every endpoint needs a token; orders of others do
    /// not exist.</summary>
    public static void MapOrders(this IEndpointRouteBuilder routes)
    {
        var orders = routes.MapGroup("/orders").WithTags("Orders");
        orders.MapPost("/", PlaceOrder.HandleAsync);
        orders.MapGet("/", ListOrders.HandleAsync);
        orders.MapGet("/{id:guid}", GetOrder.HandleAsync);
        orders.MapGet("/{id:guid}/history", GetHistory.HandleAsync);
        orders.MapPost("/{id:guid}/cancel", CancelOrder.HandleAsync);
    }

    public static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult UnknownOrder() =>
        Problems.NotFound("There is no such order.");
}

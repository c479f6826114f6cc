using System.Diagnostics;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Artesanos.Messaging;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Artesanos.Orders.Ordering;

/// <summary>POST /orders: stores the order and its first messages, and answers. The rest of the
/// saga runs on its own.</summary>
internal static class PlaceOrder
{
    private const int MaxKeyLength = 255;

    /// <param name="idempotencyKey">Chosen by the client, 1 to 255 visible ASCII characters; the
    /// same key and body is the same order for 24 hours.</param>
    public static async Task<Results<Created<PlacedOrder>, ProblemHttpResult>> HandleAsync(
        PlaceOrderRequest request,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        ClaimsPrincipal caller, OrderPlacement placement, TimeProvider time,
        HttpContext http)
    {
        var errors = request.Validate();
        if (idempotencyKey is not null
            && (idempotencyKey.Length is 0 or > MaxKeyLength
                || idempotencyKey.Any(letter => letter is < '!' or > '~')))
        {
            errors["Idempotency-Key"] =
                [$"must have 1 to {MaxKeyLength} visible ASCII characters"];
        }
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }

        // PostgreSQL keeps microseconds; a repeated request is answered with what it kept.
        var now = time.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        var order = new NewOrder(
            Guid.CreateVersion7(now), caller.Subject(), request, idempotencyKey,
            Hash(request), Activity.Current?.Id, now);
        try
        {
            return await placement.PlaceAsync(order) switch
            {
                PlacementResult.Placed placed =>
                    TypedResults.Created($"/orders/{placed.Order.Id}", placed.Order),
                _ => Problems.Unprocessable(
                    "idempotency-key-reused",
                    "This Idempotency-Key was used with another body."),
            };
        }
        catch (OverloadedException)
        {
            http.Response.Headers.RetryAfter = "1";
            return Problems.Unavailable("overloaded", "Too many orders at once; try again.");
        }
    }

    private static byte[] Hash(PlaceOrderRequest request) => SHA256.HashData(
        JsonSerializer.SerializeToUtf8Bytes(request, OrdersJson.Default.PlaceOrderRequest));
}

/// <summary>An order that was stored.</summary>
/// <param name="Id">Its id, with which everything about it is asked.</param>
/// <param name="Status">STARTED.</param>
/// <param name="PlacedAt">When it was stored.</param>
internal sealed record PlacedOrder(Guid Id, string Status, DateTimeOffset PlacedAt);

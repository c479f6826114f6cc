using Artesanos.Orders.Data;
using Artesanos.Orders.Ordering;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Orders.Operations;

/// <summary>
/// GET /orders/operations/{id}/history: everything that met the saga, ignored messages and
/// repetitions too, and who asked for what.
/// </summary>
internal static class GetSagaLog
{
    /// <param name="id">The order.</param>
    public static async Task<Results<Ok<IReadOnlyList<SagaLogEntry>>, ProblemHttpResult>>
        HandleAsync(Guid id, OrdersDbContext database, CancellationToken ct)
    {
        var log = await database.History
            .Where(entry => entry.OrderId == id)
            .OrderBy(entry => entry.Version)
            .Select(entry => new SagaLogEntry(
                entry.Version, entry.Status, entry.CompensationStep, entry.Effect, entry.Cause,
                entry.MessageId, entry.AskedBy, entry.At))
            .ToListAsync(ct);
        return log.Count == 0
            ? OrdersApi.UnknownOrder()
            : TypedResults.Ok<IReadOnlyList<SagaLogEntry>>(log);
    }
}

/// <summary>What met a saga once.</summary>
/// <param name="Version">Counts from 1 in each order.</param>
/// <param name="Status">The status after it.</param>
/// <param name="Step">What is being undone while COMPENSATING: payment or stock.</param>
/// <param name="Effect">MOVED, RESENT or IGNORED.</param>
/// <param name="Cause">The message or request, such as PaymentSucceeded.</param>
/// <param name="MessageId">The message; null when a request or a deadline was the cause.</param>
/// <param name="AskedBy">Subject of whoever asked for a cancellation or a retry.</param>
/// <param name="At">When.</param>
internal sealed record SagaLogEntry(
    int Version, string Status, string? Step, string Effect, string Cause, Guid? MessageId,
    string? AskedBy, DateTimeOffset At);

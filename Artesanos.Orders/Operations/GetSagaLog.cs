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

/// <param name="Effect">MOVED, RESENT or IGNORED.</param>
/// <param name="AskedBy">Subject of whoever asked for a cancellation or a retry.</param>
internal sealed record SagaLogEntry(
    int Version, string Status, string? Step, string Effect, string Cause, Guid? MessageId,
    string? AskedBy, DateTimeOffset At);

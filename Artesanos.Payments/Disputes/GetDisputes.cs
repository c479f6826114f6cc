using Artesanos.Payments.Data;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Payments.Disputes;

/// <summary>
/// <c>GET /payments/operations/disputes</c>: for operators, the newest first. A dispute has a
/// deadline at Stripe, and silence loses it.
/// </summary>
internal static class GetDisputes
{
    private const int MaxPage = 100;

    internal sealed record DisputeView(
        string Id, Guid? OrderId, string? IntentId, long AmountMinor, string Currency,
        string Reason, string Status, bool Closed, DateTimeOffset OpenedAt,
        DateTimeOffset UpdatedAt);

    /// <param name="Next">Pass it as <c>before</c> for the next page; null at the end.</param>
    internal sealed record DisputePage(IReadOnlyList<DisputeView> Items, DateTimeOffset? Next);

    public static void MapDisputes(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/payments/operations/disputes", ListAsync)
            .RequireAuthorization(Roles.Operator)
            .WithTags("Operations")
            .WithSummary("Disputes, open ones only unless closed=true.");

    private static async Task<Results<Ok<DisputePage>, ProblemHttpResult>> ListAsync(
        PaymentsDbContext database, CancellationToken ct,
        bool closed = false, DateTimeOffset? before = null, int limit = 50)
    {
        if (limit is < 1 or > MaxPage)
        {
            return Problems.Validation("limit", $"must be 1 to {MaxPage}");
        }
        var disputes = database.Disputes.Where(dispute => dispute.IsClosed == closed);
        if (before is { } bound)
        {
            var utc = bound.ToUniversalTime();
            disputes = disputes.Where(dispute => dispute.OpenedAt < utc);
        }
        var items = await disputes
            .OrderByDescending(dispute => dispute.OpenedAt)
            .Take(limit)
            .Select(d => new DisputeView(
                d.Id, d.OrderId, d.IntentId, d.AmountMinor, d.Currency, d.Reason, d.Status,
                d.IsClosed, d.OpenedAt, d.UpdatedAt))
            .ToListAsync(ct);
        return TypedResults.Ok(new DisputePage(
            items, items.Count == limit ? items[^1].OpenedAt : null));
    }
}

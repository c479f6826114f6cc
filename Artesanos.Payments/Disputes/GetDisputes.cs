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

    private const string Example = """
        {"items":[{"id":"dp_1Q2","orderId":"01a20cda-7db0-7cbb-affe-231f132e9517",
          "intentId":"pi_3Q1","amountMinor":7700,"currency":"EUR","reason":"fraudulent",
          "status":"needs_response","closed":false,
          "openedAt":"2026-11-24T09:19:35.344105+00:00",
          "updatedAt":"2026-11-24T09:19:36.120417+00:00"}],"next":null}
        """;

    /// <summary>A charge that the shopper's bank takes back.</summary>
    /// <param name="Id">The dispute at Stripe.</param>
    /// <param name="OrderId">The order; null when the charge is none of ours.</param>
    /// <param name="IntentId">The payment intent at Stripe.</param>
    /// <param name="AmountMinor">What is disputed, in minor units of the currency.</param>
    /// <param name="Currency">ISO 4217, such as EUR.</param>
    /// <param name="Reason">Stripe's word for why, such as fraudulent.</param>
    /// <param name="Status">Stripe's word for where it stands, such as needs_response.</param>
    /// <param name="Closed">Whether it is won, lost or withdrawn.</param>
    /// <param name="OpenedAt">When it was opened.</param>
    /// <param name="UpdatedAt">When it was last heard of.</param>
    internal sealed record DisputeView(
        string Id, Guid? OrderId, string? IntentId, long AmountMinor, string Currency,
        string Reason, string Status, bool Closed, DateTimeOffset OpenedAt,
        DateTimeOffset UpdatedAt);

    /// <summary>A page of disputes.</summary>
    /// <param name="Items">The newest first.</param>
    /// <param name="Next">Pass it as <c>before</c> for the next page; null at the end.</param>
    internal sealed record DisputePage(IReadOnlyList<DisputeView> Items, DateTimeOffset? Next);

    public static void MapDisputes(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/payments/operations/disputes", ListAsync)
            .RequireAuthorization(Roles.Operator)
            .WithTags("Operations")
            .WithSummary("Disputes, open ones only unless closed=true.")
            .WithResponseExample(200, Example);

    /// <param name="closed">The closed ones instead of the open ones.</param>
    /// <param name="before">The <c>next</c> of the page before.</param>
    /// <param name="limit">Disputes on a page, 1 to 100.</param>
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

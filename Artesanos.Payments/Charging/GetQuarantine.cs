using Artesanos.Payments.Data;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Artesanos.Payments.Charging;

/// <summary>
/// <c>GET /payments/operations/quarantined</c> and <c>…/unsettled</c>: for operators, the
/// payments that do not end by themselves, or take too long to.
/// </summary>
internal static class GetQuarantine
{
    private const int MaxPage = 100;

    private const string QuarantinedExample = """
        [{"orderId":"01a20cda-7db0-7cbb-affe-231f132e9517","intentId":"pi_3Q1",
          "status":"QUARANTINED","amountMinor":7700,"currency":"EUR",
          "reason":"amount_mismatch","tries":0,"nextTryAt":null,
          "updatedAt":"2026-11-24T09:19:36.120417+00:00"}]
        """;

    private const string UnsettledExample = """
        [{"orderId":"01a20cda-7db0-7cbb-affe-231f132e9517","intentId":"pi_3Q1",
          "status":"REFUNDING","amountMinor":7700,"currency":"EUR","reason":null,"tries":12,
          "nextTryAt":"2026-11-24T09:44:35.344105+00:00",
          "updatedAt":"2026-11-24T09:19:36.120417+00:00"}]
        """;

    /// <summary>A payment that an operator should look at.</summary>
    /// <param name="OrderId">The order.</param>
    /// <param name="IntentId">The payment intent at Stripe.</param>
    /// <param name="Status">QUARANTINED, or what the payment does not get past.</param>
    /// <param name="AmountMinor">In minor units of the currency.</param>
    /// <param name="Currency">ISO 4217, such as EUR.</param>
    /// <param name="Reason">What did not fit, <c>amount_mismatch</c>, or the last failure.</param>
    /// <param name="Tries">Calls without a usable answer since the last step forward.</param>
    /// <param name="NextTryAt">When it is tried again by itself.</param>
    /// <param name="UpdatedAt">When it last moved.</param>
    internal sealed record PaymentRow(
        Guid OrderId, string? IntentId, string Status, long AmountMinor, string Currency,
        string? Reason, int Tries, DateTimeOffset? NextTryAt, DateTimeOffset UpdatedAt);

    public static void MapQuarantine(this IEndpointRouteBuilder routes)
    {
        var operations = routes.MapGroup("/payments/operations")
            .RequireAuthorization(Roles.Operator)
            .WithTags("Operations");
        operations.MapGet("/quarantined", ListQuarantinedAsync)
            .WithSummary("Payments whose charge at Stripe is not ours as it stands.")
            .WithResponseExample(200, QuarantinedExample);
        operations.MapGet("/unsettled", ListUnsettledAsync)
            .WithSummary("Payments and refunds whose call has been tried many times.")
            .WithResponseExample(200, UnsettledExample);
    }

    /// <param name="limit">Payments to list, 1 to 100.</param>
    private static Task<Results<Ok<List<PaymentRow>>, ProblemHttpResult>> ListQuarantinedAsync(
        PaymentsDbContext database, CancellationToken ct, int limit = 50) =>
        ListAsync(database.Payments.Where(
            row => row.Status == PaymentStatus.Quarantined), limit, ct);

    /// <param name="limit">Payments to list, 1 to 100.</param>
    private static Task<Results<Ok<List<PaymentRow>>, ProblemHttpResult>> ListUnsettledAsync(
        PaymentsDbContext database, CancellationToken ct, int limit = 50) =>
        ListAsync(database.Payments.Where(
            row => row.NextTryAt != null && row.Tries > PaymentSteps.ManyTries), limit, ct);

    private static async Task<Results<Ok<List<PaymentRow>>, ProblemHttpResult>> ListAsync(
        IQueryable<Payment> rows, int limit, CancellationToken ct)
    {
        if (limit is < 1 or > MaxPage)
        {
            return Problems.Validation("limit", $"must be 1 to {MaxPage}");
        }
        var oldest = await rows.OrderBy(row => row.UpdatedAt).Take(limit).ToListAsync(ct);
        return TypedResults.Ok(oldest.ConvertAll(row => new PaymentRow(
            row.OrderId, row.IntentId, row.Status.Text(), row.AmountMinor, row.Currency,
            row.FailureReason, row.Tries, row.NextTryAt, row.UpdatedAt)));
    }
}

using System.Security.Claims;
using System.Text.Json.Serialization;
using Artesanos.Payments.Data;
using Artesanos.Payments.StripeApi;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Stripe;

namespace Artesanos.Payments.Charging;

/// <summary>
/// <c>GET /payments/{orderId}</c>: how the payment stands. Its owner, and nobody else, gets the
/// secret with which a browser pays; it comes from Stripe each time and is never stored.
/// </summary>
internal static partial class GetPayment
{
    /// <summary>The payment of an order.</summary>
    /// <param name="OrderId">The order.</param>
    /// <param name="Status">CREATING, OPEN, PROCESSING, DECLINED, SUCCEEDED, REFUNDING,
    /// REFUND_PENDING, REFUNDED, CANCELLED, FAILED or QUARANTINED.</param>
    /// <param name="AmountMinor">In minor units of the currency.</param>
    /// <param name="Currency">ISO 4217, such as EUR.</param>
    /// <param name="ClientSecret">Only while the intent can be paid by a browser.</param>
    internal sealed record PaymentView(
        Guid OrderId, string Status, long AmountMinor, string Currency,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        string? ClientSecret);

    public static void MapPayments(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/payments/{orderId:guid}", GetAsync)
            .WithTags("Payments").WithName("GetPayment")
            .WithSummary("How the payment of one's own order stands.")
            .WithDescription("clientSecret is for the shopper's browser, while it can pay.")
            .WithResponseExample(200, """
                {"orderId":"01a20cda-7db0-7cbb-affe-231f132e9517","status":"OPEN",
                 "amountMinor":7700,"currency":"EUR","clientSecret":"pi_3Q1_secret_x"}
                """)
            .WithProblem(404, "not-found").WithProblem(503, "payment-provider");

    /// <param name="orderId">The order.</param>
    private static async Task<Results<Ok<PaymentView>, ProblemHttpResult>> GetAsync(
        Guid orderId, ClaimsPrincipal caller, HttpResponse response, PaymentsDbContext database,
        StripeCalls calls, ILoggerFactory loggers, CancellationToken ct)
    {
        response.Headers.CacheControl = "no-store";
        var subject = caller.Subject();
        var payment = await database.Payments.SingleOrDefaultAsync(
            row => row.OrderId == orderId && row.CustomerId == subject, ct);
        if (payment is null)
        {
            return Problems.NotFound("There is no payment for this order.");
        }
        string? secret = null;
        if (payment is { Status: PaymentStatus.Open, CancelWanted: false, DueCall: null })
        {
            try
            {
                secret = SecretOf(await calls.FetchIntentAsync(payment.IntentId!, ct));
            }
            catch (Exception outage) when (outage is StripeException or HttpRequestException
                or TaskCanceledException)
            {
                ct.ThrowIfCancellationRequested();
                LogNoSecret(loggers.CreateLogger("Artesanos.Payments.GetPayment"), orderId);
                return Problems.Unavailable(
                    "payment-provider", "The payment provider does not answer, try again.");
            }
        }
        return TypedResults.Ok(new PaymentView(
            payment.OrderId, payment.Status.Text(), payment.AmountMinor, payment.Currency, secret));
    }

    private static string? SecretOf(PaymentIntent intent) => intent.Status
        is "requires_payment_method" or "requires_confirmation" or "requires_action"
            ? intent.ClientSecret : null;

    [LoggerMessage(LogLevel.Warning, "Stripe did not answer for the payment of order {OrderId}.")]
    private static partial void LogNoSecret(ILogger logger, Guid orderId);
}

using System.Diagnostics;
using Artesanos.Payments.Charging;
using Microsoft.Extensions.Options;
using Stripe;

namespace Artesanos.Payments.StripeApi;

/// <summary>
/// Makes the call a payment waits for and says what it proved. Every idempotency key is derived
/// from the row, so whoever makes the call again says the same to Stripe.
/// </summary>
internal sealed partial class StripeCalls(
    StripeClient client, IOptions<StripeOptions> options, ILogger<StripeCalls> logger)
{
    public async Task<PaymentFact> MakeAsync(StripeCall call, Payment payment, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Value.CallTimeout);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var fact = await SendAsync(call, payment, limit.Token);
            PaymentMetrics.Called(call, fact, Stopwatch.GetElapsedTime(started));
            return fact;
        }
        catch (Exception failure) when (failure is StripeException or HttpRequestException
            or OperationCanceledException or IOException)
        {
            ct.ThrowIfCancellationRequested();
            var fact = StripeFailures.Classify(call, failure);
            if (fact is PaymentFact.Unanswered)
            {
                LogUnanswered(logger, call, payment.OrderId, payment.Tries, Describe(failure));
            }
            PaymentMetrics.Called(call, fact, Stopwatch.GetElapsedTime(started));
            return fact;
        }
    }

    /// <summary>
    /// The intent as it is now, for the secret its owner needs or for a doubtful event.
    /// </summary>
    public Task<PaymentIntent> FetchIntentAsync(string intentId, CancellationToken ct) =>
        client.V1.PaymentIntents.GetAsync(intentId, null, null, ct);

    private Task<PaymentFact> SendAsync(StripeCall call, Payment payment, CancellationToken ct) =>
        call switch
        {
            StripeCall.CreateIntent => SeenAsync(call, CreateAsync(payment, ct)),
            StripeCall.ConfirmIntent => SeenAsync(call, ConfirmAsync(payment, ct)),
            StripeCall.CancelIntent => SeenAsync(call, CancelAsync(payment, ct)),
            StripeCall.FetchIntent => SeenAsync(call, FetchIntentAsync(payment.IntentId!, ct)),
            StripeCall.CreateRefund => RefundAsync(payment, ct),
            StripeCall.FetchRefund => FindRefundAsync(payment, ct),
            _ => throw new ArgumentOutOfRangeException(nameof(call), call, "Unknown call."),
        };

    private static async Task<PaymentFact> SeenAsync(StripeCall call, Task<PaymentIntent> intent) =>
        new PaymentFact.IntentSeen(StripeSnapshots.Of(await intent), call);

    /// <summary>
    /// Creating and confirming are two calls: in between it is seen if a cancel came.
    /// </summary>
    private Task<PaymentIntent> CreateAsync(Payment payment, CancellationToken ct) =>
        client.V1.PaymentIntents.CreateAsync(
            new PaymentIntentCreateOptions
            {
                Amount = payment.AmountMinor,
                Currency = LowerCase(payment.Currency),
                AutomaticPaymentMethods = new PaymentIntentAutomaticPaymentMethodsOptions
                {
                    Enabled = true,
                    // Confirmed on the server there is no browser that could follow a redirect.
                    AllowRedirects = payment.PaymentMethodId is null ? null : "never",
                },
                Metadata = new Dictionary<string, string>
                {
                    [StripeSnapshots.OrderId] = payment.OrderId.ToString(),
                },
            },
            Key($"pay:{payment.OrderId}:{payment.Attempt}:create"), ct);

    private Task<PaymentIntent> ConfirmAsync(Payment payment, CancellationToken ct) =>
        client.V1.PaymentIntents.ConfirmAsync(
            payment.IntentId,
            new PaymentIntentConfirmOptions { PaymentMethod = payment.PaymentMethodId },
            Key($"pay:{payment.OrderId}:{payment.Attempt}:confirm"), ct);

    private Task<PaymentIntent> CancelAsync(Payment payment, CancellationToken ct) =>
        client.V1.PaymentIntents.CancelAsync(
            payment.IntentId, new PaymentIntentCancelOptions(),
            Key($"pay:{payment.OrderId}:{payment.Attempt}:cancel"), ct);

    private async Task<PaymentFact> RefundAsync(Payment payment, CancellationToken ct)
    {
        var refund = await client.V1.Refunds.CreateAsync(
            new RefundCreateOptions
            {
                PaymentIntent = payment.IntentId,
                Amount = payment.AmountMinor,
                Metadata = new Dictionary<string, string>
                {
                    [StripeSnapshots.OrderId] = payment.OrderId.ToString(),
                    [StripeSnapshots.RefundId] = payment.RefundId!.Value.ToString(),
                },
            },
            Key($"refund:{payment.RefundId}"), ct);
        return StripeSnapshots.Of(refund);
    }

    private async Task<PaymentFact> FindRefundAsync(Payment payment, CancellationToken ct)
    {
        var refunds = await client.V1.Refunds.ListAsync(
            new RefundListOptions { PaymentIntent = payment.IntentId, Limit = 100 }, null, ct);
        return StripeSnapshots.Standing(refunds.Data, payment);
    }

    private static RequestOptions Key(string idempotencyKey) =>
        new() { IdempotencyKey = idempotencyKey };

    // Stripe spells currencies in lower case, ISO 4217 in upper case.
#pragma warning disable CA1308
    private static string LowerCase(string currency) => currency.ToLowerInvariant();
#pragma warning restore CA1308

    /// <summary>Stripe's messages may quote parameters, so only its codes are logged.</summary>
    private static string Describe(Exception failure) => failure is StripeException stripe
        ? $"{(int)stripe.HttpStatusCode} {stripe.StripeError?.Code ?? stripe.StripeError?.Type}"
        : failure.GetType().Name;

    [LoggerMessage(LogLevel.Warning,
        "{Call} for order {OrderId} is unanswered after {Tries} tries: {Reason}")]
    private static partial void LogUnanswered(
        ILogger logger, StripeCall call, Guid orderId, int tries, string reason);
}

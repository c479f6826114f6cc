using Artesanos.Messaging.Contracts;
using Artesanos.Payments.Charging;

namespace Artesanos.Tests.Payments;

/// <summary>One payment of 49.99 EUR in any status, and what Stripe may say of it.</summary>
internal static class PaymentSamples
{
    public const string Intent = "pi_1";

    public static readonly DateTimeOffset Now = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);
    public static readonly Guid Order = Guid.Parse("01990000-0000-7000-8000-000000000001");
    public static readonly Guid RefundId = Guid.Parse("01990000-0000-7000-8000-0000000000aa");

    public static readonly PaymentRules Rules = new(
        LiveMode: false, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5),
        MaxTransientDeclines: 3);

    public static ProcessPayment Process(string? card = "pm_card_visa") =>
        new(Order, "ana", 4999, "EUR", card, Now.AddMinutes(15));

    public static CancelPayment Cancel() => new(Order, "customer");

    /// <summary>A row as the decisions leave it: with a call due where one is.</summary>
    public static Payment Row(
        PaymentStatus status, bool cancelWanted = false, string? card = "pm_card_visa")
    {
        var waits = status is PaymentStatus.Open && card is null && !cancelWanted
            || status is PaymentStatus.Succeeded or PaymentStatus.Refunded
                or PaymentStatus.Cancelled or PaymentStatus.Failed or PaymentStatus.Quarantined;
        var refunds = status is PaymentStatus.Refunding or PaymentStatus.RefundPending
            or PaymentStatus.Refunded;
        return new Payment
        {
            OrderId = Order,
            CustomerId = "ana",
            AmountMinor = 4999,
            Currency = "EUR",
            PaymentMethodId = card,
            Status = status,
            IntentId = status == PaymentStatus.Creating ? null : Intent,
            CancelWanted = cancelWanted,
            CancelReason = cancelWanted ? "customer" : null,
            FailureReason = status is PaymentStatus.Declined or PaymentStatus.Failed
                ? "card_declined" : null,
            RefundId = refunds ? RefundId : null,
            NextTryAt = waits ? null : Now.AddSeconds(25),
            CreatedAt = Now.AddSeconds(-5),
            UpdatedAt = Now.AddSeconds(-5),
        };
    }

    public static IntentSnapshot Snapshot(string status, string? declineReason = null) => new(
        Intent, status, Order.ToString(), status == "succeeded" ? 4999 : 0, "eur",
        LiveMode: false, declineReason, CancellationReason: null);

    public static PaymentFact Seen(
        string status, StripeCall? answer = null, string? declineReason = null) =>
        new PaymentFact.IntentSeen(Snapshot(status, declineReason), answer);

    public static PaymentFact RefundIs(string status) =>
        new PaymentFact.RefundSeen("re_1", RefundId, status, 4999, null);
}

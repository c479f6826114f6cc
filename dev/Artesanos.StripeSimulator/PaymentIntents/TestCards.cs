using System.Collections.Frozen;

namespace Artesanos.StripeSimulator.PaymentIntents;

/// <summary>The test payment methods (docs.stripe.com/testing). No card numbers: a name says how
/// the card behaves.</summary>
internal static class TestCards
{
    private const string TryAgain = "try_again_later";
    private const string DoNotTryAgain = "do_not_try_again";

    /// <summary>What a bank says that gives no reason.</summary>
    public static readonly Decline GenericDecline = Declined("generic_decline", TryAgain);

    private static readonly Decline Insufficient = new(
        "card_declined", "insufficient_funds", "Your card has insufficient funds.", TryAgain);

    private static readonly FrozenDictionary<string, TestCard> ByName =
        Approved().Concat(Declines()).Concat(Authenticated()).Concat(Later())
            .ToFrozenDictionary(StringComparer.Ordinal);

    public static TestCard? Find(string name) =>
        // Stripe knows the declining cards by two names: with and without the brand.
        ByName.GetValueOrDefault(name)
        ?? ByName.GetValueOrDefault(
            name.Replace("pm_card_visa_charge", "pm_card_charge", StringComparison.Ordinal));

    /// <summary>The decline of an off-session payment that needs its shopper.</summary>
    public static Decline AuthenticationRequired { get; } = new(
        "authentication_required", "authentication_required",
        "Your card was declined. This transaction requires authentication.", TryAgain);

    private static Dictionary<string, TestCard> Approved() => new(StringComparer.Ordinal)
    {
        ["pm_card_visa"] = new("visa", "4242"),
        ["pm_card_visa_debit"] = new("visa", "5556") { Funding = "debit" },
        ["pm_card_mastercard"] = new("mastercard", "4444"),
        ["pm_card_mastercard_debit"] = new("mastercard", "8210") { Funding = "debit" },
        ["pm_card_mastercard_prepaid"] = new("mastercard", "5100") { Funding = "prepaid" },
        ["pm_card_amex"] = new("amex", "8431"),
        ["pm_card_discover"] = new("discover", "1117"),
        ["pm_card_diners"] = new("diners", "0004"),
        ["pm_card_jcb"] = new("jcb", "0505"),
        ["pm_card_unionpay"] = new("unionpay", "0005"),
        ["pm_card_us"] = new("visa", "4242"),
        ["pm_card_es"] = new("visa", "0007", "ES"),
        ["pm_card_fr"] = new("visa", "0003", "FR"),
        ["pm_card_de"] = new("visa", "0016", "DE"),
        ["pm_card_it"] = new("visa", "0008", "IT"),
        ["pm_card_pt"] = new("visa", "0005", "PT"),
        ["pm_card_gb"] = new("visa", "0000", "GB"),
        ["pm_card_threeDSecureOptional"] = new("visa", "3055"),
        ["pm_card_riskLevelElevated"] = new("visa", "9235") { Risk = CardRisk.Elevated }
    };

    private static Dictionary<string, TestCard> Declines() => new(StringComparer.Ordinal)
    {
        ["pm_card_chargeDeclined"] = Visa("0002", GenericDecline),
        ["pm_card_chargeCustomerFail"] = Visa("0341", GenericDecline),
        ["pm_card_chargeDeclinedInsufficientFunds"] = Visa("9995", Insufficient),
        ["pm_card_chargeDeclinedLostCard"] = Visa("9987", Declined("lost_card", DoNotTryAgain)),
        ["pm_card_chargeDeclinedStolenCard"] = Visa(
            "9979", Declined("stolen_card", DoNotTryAgain)),
        ["pm_card_chargeDeclinedFraudulent"] = Blocked("0019"),
        ["pm_card_radarBlock"] = Blocked("0019"),
        ["pm_card_riskLevelHighest"] = Blocked("4954"),
        ["pm_card_chargeDeclinedVelocityLimitExceeded"] = Visa(
            "6975", Declined("card_velocity_exceeded", TryAgain)),
        ["pm_card_chargeDeclinedExpiredCard"] = Visa("0069", new Decline(
            "expired_card", "expired_card", "Your card has expired.", DoNotTryAgain)),
        ["pm_card_chargeDeclinedIncorrectCvc"] = Visa("0127", new Decline(
            "incorrect_cvc", "incorrect_cvc",
            "Your card's security code is incorrect.", "confirm_card_data")),
        ["pm_card_chargeDeclinedProcessingError"] = Visa("0119", new Decline(
            "processing_error", "processing_error",
            "An error occurred while processing your card. Try again in a little bit.", TryAgain))
    };

    private static Dictionary<string, TestCard> Authenticated() => new(StringComparer.Ordinal)
    {
        ["pm_card_authenticationRequired"] = Authenticate("3184"),
        ["pm_card_authenticationRequiredOnSetup"] = Authenticate("3155"),
        ["pm_card_threeDSecureRequired"] = Authenticate("3063"),
        ["pm_card_threeDSecure2Required"] = Authenticate("3220"),
        ["pm_card_threeDSecureRequiredChargeDeclined"] = Authenticate("1629", GenericDecline),
        ["pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"] =
            Authenticate("9995", Insufficient)
    };

    private static Dictionary<string, TestCard> Later() => new(StringComparer.Ordinal)
    {
        ["pm_card_pendingRefund"] = new("visa", "7726")
        {
            Refund = RefundBehaviour.PendingThenSucceeds
        },
        ["pm_card_refundFail"] = new("visa", "5126")
        {
            Refund = RefundBehaviour.SucceedsThenFails
        },
        ["pm_card_createDispute"] = new("visa", "0259") { DisputeReason = "fraudulent" },
        ["pm_card_createDisputeProductNotReceived"] = new("visa", "2685")
        {
            DisputeReason = "product_not_received"
        },
        // Stripe has no card that waits for days; this name is the simulator's own.
        ["pm_simulator_processing"] = new("visa", "4242") { StaysProcessing = true }
    };

    private static Decline Declined(string declineCode, string advice) =>
        new("card_declined", declineCode, "Your card was declined.", advice);

    private static TestCard Visa(string last4, Decline decline) =>
        new("visa", last4) { Decline = decline };

    private static TestCard Blocked(string last4) => new("visa", last4)
    {
        Decline = Declined("fraudulent", DoNotTryAgain),
        Risk = CardRisk.Highest
    };

    private static TestCard Authenticate(string last4, Decline? decline = null) =>
        new("visa", last4) { NeedsAuthentication = true, Decline = decline };
}

namespace Artesanos.StripeSimulator.PaymentIntents;

/// <summary>Why a card is declined, in Stripe's words (docs.stripe.com/declines/codes).</summary>
internal sealed record Decline(string Code, string DeclineCode, string Message, string Advice);

/// <summary>What becomes of a refund to the card.</summary>
internal enum RefundBehaviour
{
    Succeeds,
    PendingThenSucceeds,
    SucceedsThenFails
}

/// <summary>How risky Stripe's fraud prevention finds a card, with its score. The riskiest are
/// blocked: their bank is not asked.</summary>
internal enum CardRisk
{
    Normal = 20,
    Elevated = 70,
    Highest = 90
}

/// <summary>A test payment method by Stripe's name, and how it behaves.</summary>
internal sealed record TestCard(string Brand, string Last4, string Country = "US")
{
    public string Funding { get; init; } = "credit";
    public CardRisk Risk { get; init; } = CardRisk.Normal;
    public Decline? Decline { get; init; }

    /// <summary>The shopper must authenticate (3-D Secure) before the card is charged.</summary>
    public bool NeedsAuthentication { get; init; }

    /// <summary>The charge stays in <c>processing</c> until the control API settles it.</summary>
    public bool StaysProcessing { get; init; }

    /// <summary>The reason of the dispute that follows the charge at once.</summary>
    public string? DisputeReason { get; init; }

    public RefundBehaviour Refund { get; init; }
}

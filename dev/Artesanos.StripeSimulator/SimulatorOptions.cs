using System.ComponentModel.DataAnnotations;

namespace Artesanos.StripeSimulator;

/// <summary>Limits of the simulator, section <c>Simulator</c>.</summary>
internal sealed class SimulatorOptions
{
    public const string Section = "Simulator";

    /// <summary>When reached, new intents are refused: the ledger must stay complete.</summary>
    [Range(1, 10_000_000)]
    public int MaxPaymentIntents { get; set; } = 1_000_000;

    /// <summary>Stripe keeps events for 30 days; here the oldest go past this number.</summary>
    [Range(100, 1_000_000)]
    public int MaxEvents { get; set; } = 50_000;

    /// <summary>Answers kept for idempotency keys; the oldest are forgotten past this.</summary>
    [Range(100, 1_000_000)]
    public int MaxIdempotencyKeys { get; set; } = 100_000;

    /// <summary>How long an idempotency key is kept; 24 hours at Stripe.</summary>
    public TimeSpan IdempotencyKeyLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Delay of outcomes that follow an answer: pending refunds, disputes.</summary>
    public TimeSpan LateOutcomeDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Seed of the faults that strike by rate, so that a run can be repeated.</summary>
    public int Seed { get; set; } = 1;
}

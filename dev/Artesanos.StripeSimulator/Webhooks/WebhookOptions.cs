using System.ComponentModel.DataAnnotations;

namespace Artesanos.StripeSimulator.Webhooks;

/// <summary>Section <c>Webhook</c>: the endpoint registered at start, and how webhooks are
/// delivered.</summary>
internal sealed class WebhookOptions : IValidatableObject
{
    public const string Section = "Webhook";

    /// <summary>Where to deliver; without it no endpoint is registered at start.</summary>
    public Uri? Url { get; set; }

    /// <summary>Signs the deliveries; begins with <c>whsec_</c>.</summary>
    public string? Secret { get; set; }

    /// <summary>Event types, or <c>*</c>; empty takes <see cref="DefaultEvents"/>.</summary>
    public string[] EnabledEvents { get; set; } = [];

    /// <summary>Pauses before each further attempt, with up to a tenth of jitter. Stripe retries
    /// for days with growing pauses; a test cannot wait that long.</summary>
    public TimeSpan[] RetryDelays { get; set; } = [];

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Deliveries at a time.</summary>
    [Range(1, 256)]
    public int Concurrency { get; set; } = 32;

    /// <summary>Deliveries waiting; past this, further ones fail at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxQueued { get; set; } = 100_000;

    public static IReadOnlyList<string> DefaultEvents { get; } =
    [
        "payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled",
        "payment_intent.processing", "payment_intent.requires_action", "charge.refunded",
        "refund.updated", "refund.failed", "charge.dispute.created", "charge.dispute.closed"
    ];

    public static IReadOnlyList<TimeSpan> DefaultRetryDelays { get; } =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)
    ];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url is not null && (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https")))
        {
            yield return new ValidationResult(
                "Webhook:Url must be an absolute http or https address. Set Webhook__Url, or "
                + "leave it out to register no endpoint.");
        }

        if ((Url is null) != string.IsNullOrEmpty(Secret))
        {
            yield return new ValidationResult(
                "Webhook:Url and Webhook:Secret belong together. Set both Webhook__Url and "
                + "Webhook__Secret, or neither.");
        }

        if (Timeout <= TimeSpan.Zero || RetryDelays.Any(delay => delay < TimeSpan.Zero))
        {
            yield return new ValidationResult(
                "Webhook:Timeout must be positive and Webhook:RetryDelays not negative.");
        }
    }
}

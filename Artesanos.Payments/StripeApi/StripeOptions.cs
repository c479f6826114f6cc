using Microsoft.Extensions.Options;

namespace Artesanos.Payments.StripeApi;

/// <summary>Section <c>Stripe</c>: how Stripe is reached, and the bounds of doing so.</summary>
internal sealed class StripeOptions
{
    public const string Section = "Stripe";

    /// <summary>Secret or restricted key, <c>sk_…</c> or <c>rk_…</c>.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Another address than Stripe's own; the simulator's. Not with a live key.</summary>
    public string? ApiBase { get; set; }

    /// <summary>Webhook signing secrets, <c>whsec_…</c>; two of them while one is rolled.</summary>
    public IReadOnlyList<string> WebhookSecrets { get; set; } = [];

    /// <summary>How far a webhook's timestamp may be from now, in either direction.</summary>
    public TimeSpan WebhookTolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Largest webhook body, in bytes.</summary>
    public int WebhookMaxBytes { get; set; } = 256 * 1024;

    /// <summary>Longest time for one call with its quick retries, <c>hh:mm:ss</c>.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a call belongs to who makes it before another process makes it again; longer
    /// than <see cref="CallTimeout"/>.
    /// </summary>
    public TimeSpan CallLease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Quick retries of connection errors, 409 and 5xx by the SDK.</summary>
    public int MaxNetworkRetries { get; set; } = 2;

    /// <summary>Quick retries of 429, with growing, jittered delay.</summary>
    public int MaxRateLimitRetries { get; set; } = 3;

    /// <summary>Longest delay before a call without an answer is made again.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Declines such as lock_timeout before they are final.</summary>
    public int MaxTransientDeclines { get; set; } = 4;

    /// <summary>Calls at once.</summary>
    public int MaxConcurrentCalls { get; set; } = 64;

    /// <summary>
    /// Calls waiting in memory; beyond it they wait in their rows for the sweeper.
    /// </summary>
    public int CallQueue { get; set; } = 10_000;

    /// <summary>How often the sweepers look for what a crash left.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often reconciliation looks for what no webhook told.</summary>
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long an open intent may be silent, and an event be on its way, before reconciliation
    /// asks Stripe; longer than a webhook usually takes.
    /// </summary>
    public TimeSpan ReconcileAfter { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Most intents fetched in one round of reconciliation.</summary>
    public int ReconcileMaxIntents { get; set; } = 500;

    /// <summary>
    /// Most pages of 100 undelivered events in one round; the next one goes on after them.
    /// </summary>
    public int ReconcileMaxEventPages { get; set; } = 10;

    /// <summary>How long a processed event is known: Stripe can deliver it again for 30 days.
    /// </summary>
    public TimeSpan KeepEvents { get; set; } = TimeSpan.FromDays(35);

    public bool LiveMode => IsLive(ApiKey);

    internal static bool IsLive(string key) =>
        key.StartsWith("sk_live_", StringComparison.Ordinal)
        || key.StartsWith("rk_live_", StringComparison.Ordinal);
}

/// <summary>Names the key in its environment form and the cure, and never a value.</summary>
internal sealed class StripeOptionsCheck : IValidateOptions<StripeOptions>
{
    public ValidateOptionsResult Validate(string? name, StripeOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(StripeOptions options)
    {
        if (!IsKey(options.ApiKey))
        {
            yield return "Stripe__ApiKey is missing or not a secret key: set it to the sk_test_… "
                + "or sk_live_… key of your Stripe dashboard (Developers, API keys), or start "
                + "the service through the AppHost, which brings a simulator.";
        }
        if (!string.IsNullOrEmpty(options.ApiBase))
        {
            if (StripeOptions.IsLive(options.ApiKey))
            {
                yield return "Stripe__ApiBase is set together with a live key, which would send "
                    + "the key elsewhere than to Stripe: remove Stripe__ApiBase or use a test key.";
            }
            if (!Uri.TryCreate(options.ApiBase, UriKind.Absolute, out var address)
                || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            {
                yield return "Stripe__ApiBase is not an absolute http(s) address: remove it to "
                    + "use Stripe, or set it to the simulator's.";
            }
        }
        if (options.WebhookSecrets.Count == 0
            || options.WebhookSecrets.Any(secret => !secret.StartsWith(
                "whsec_", StringComparison.Ordinal)))
        {
            yield return "Stripe__WebhookSecrets__0 is missing or does not start with whsec_: set "
                + "it to the signing secret of the webhook endpoint (while a secret is rolled, "
                + "Stripe__WebhookSecrets__1 holds the other one).";
        }
        foreach (var (key, good, range) in Bounds(options))
        {
            if (!good)
            {
                yield return $"Stripe__{key} must be {range}.";
            }
        }
    }

    private static IEnumerable<(string Key, bool Good, string Range)> Bounds(StripeOptions o)
    {
        yield return (nameof(o.WebhookTolerance), IsBetween(o.WebhookTolerance, 1, 3600),
            "between 00:00:01 and 01:00:00");
        yield return (nameof(o.WebhookMaxBytes), o.WebhookMaxBytes is >= 1024 and <= 4 << 20,
            "between 1024 and 4194304 (bytes)");
        yield return (nameof(o.CallTimeout), IsBetween(o.CallTimeout, 1, 80),
            "between 00:00:01 and 00:01:20");
        yield return (nameof(o.KeepEvents), o.KeepEvents >= TimeSpan.FromDays(30)
                && o.KeepEvents <= TimeSpan.FromDays(3650),
            "between 30.00:00:00 (30 days) and 3650.00:00:00 (ten years)");
        yield return (nameof(o.CallLease),
            o.CallLease.TotalSeconds >= o.CallTimeout.TotalSeconds + 5
                && IsBetween(o.CallLease, 1, 600),
            "at least 5 seconds longer than Stripe__CallTimeout and at most 00:10:00");
        yield return (nameof(o.MaxNetworkRetries), o.MaxNetworkRetries is >= 0 and <= 5,
            "between 0 and 5");
        yield return (nameof(o.MaxRateLimitRetries), o.MaxRateLimitRetries is >= 1 and <= 10,
            "between 1 and 10");
        yield return (nameof(o.MaxRetryDelay), IsBetween(o.MaxRetryDelay, 1, 3600),
            "between 00:00:01 and 01:00:00");
        yield return (nameof(o.MaxTransientDeclines), o.MaxTransientDeclines is >= 0 and <= 20,
            "between 0 and 20");
        yield return (nameof(o.MaxConcurrentCalls), o.MaxConcurrentCalls is >= 1 and <= 1000,
            "between 1 and 1000");
        yield return (nameof(o.CallQueue), o.CallQueue is >= 1 and <= 1_000_000,
            "between 1 and 1000000");
        yield return (nameof(o.SweepInterval), IsBetween(o.SweepInterval, 0.1, 60),
            "between 00:00:00.1 and 00:01:00");
        yield return (nameof(o.ReconcileInterval), IsBetween(o.ReconcileInterval, 0.1, 3600),
            "between 00:00:00.1 and 01:00:00");
        yield return (nameof(o.ReconcileAfter), IsBetween(o.ReconcileAfter, 1, 3600),
            "between 00:00:01 and 01:00:00");
        yield return (nameof(o.ReconcileMaxIntents), o.ReconcileMaxIntents is >= 1 and <= 10_000,
            "between 1 and 10000");
        yield return (nameof(o.ReconcileMaxEventPages), o.ReconcileMaxEventPages is >= 1 and <= 100,
            "between 1 and 100");
    }

    private static bool IsKey(string key) =>
        StripeOptions.IsLive(key)
        || key.StartsWith("sk_test_", StringComparison.Ordinal)
        || key.StartsWith("rk_test_", StringComparison.Ordinal);

    private static bool IsBetween(TimeSpan value, double minSeconds, double maxSeconds) =>
        value.TotalSeconds >= minSeconds && value.TotalSeconds <= maxSeconds;
}

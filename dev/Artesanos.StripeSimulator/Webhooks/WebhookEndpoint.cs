using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Webhooks;

/// <summary>A signing secret; one that was rolled expires.</summary>
internal sealed record WebhookSecret(string Value, DateTimeOffset? ExpiresAt);

/// <summary>Where events are delivered. Changed under the account's lock; the sender reads each
/// property by itself, so each is replaced as a whole.</summary>
internal sealed class WebhookEndpoint(string id, long created, Uri url, string secret)
    : IStripeObject
{
    public string Id { get; } = id;
    public long Created { get; } = created;
    public Uri Url { get; set; } = url;
    public string? Description { get; set; }

    /// <summary>The version of the events' envelope; null is the account's.</summary>
    public string? ApiVersion { get; init; }
    public bool Disabled { get; set; }
    public IReadOnlyList<string> EnabledEvents { get; set; } = [];
    public IReadOnlyDictionary<string, string> Metadata { get; set; } =
        new Dictionary<string, string>();

    /// <summary>Newest first.</summary>
    public IReadOnlyList<WebhookSecret> Secrets { get; private set; } = [new(secret, null)];

    public bool Takes(string type) =>
        !Disabled && (EnabledEvents.Contains("*") || EnabledEvents.Contains(type));

    /// <summary>Adds a secret; the previous one stays valid until <paramref name="expiresAt"/>,
    /// and both sign meanwhile.</summary>
    public void RollSecret(string newSecret, DateTimeOffset expiresAt)
    {
        var previous = Secrets[0] with { ExpiresAt = expiresAt };
        Secrets = [new(newSecret, null), previous];
    }

    public IEnumerable<string> SecretsAt(DateTimeOffset now) =>
        Secrets.Where(known => known.ExpiresAt is null || known.ExpiresAt > now)
            .Select(known => known.Value);
}

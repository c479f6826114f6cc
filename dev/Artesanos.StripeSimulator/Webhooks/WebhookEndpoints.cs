using Artesanos.StripeSimulator.Wire;
using Microsoft.Extensions.Options;

namespace Artesanos.StripeSimulator.Webhooks;

/// <summary>The registered endpoints: the configured one and those of the API. Guarded by the
/// account's lock.</summary>
internal sealed class WebhookEndpoints
{
    public const int MaxEndpoints = 16;

    private readonly List<WebhookEndpoint> _endpoints = [];

    public WebhookEndpoints(IOptions<WebhookOptions> options, TimeProvider time)
    {
        var configured = options.Value;
        if (configured.Url is { } url)
        {
            _endpoints.Add(new WebhookEndpoint(
                StripeIds.WebhookEndpoint(), time.GetUtcNow().ToUnixTimeSeconds(), url,
                configured.Secret!)
            {
                Description = "From the configuration",
                EnabledEvents = configured.EnabledEvents.Length > 0
                    ? configured.EnabledEvents
                    : WebhookOptions.DefaultEvents
            });
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<WebhookEndpoint> NewestFirst => [.. Enumerable.Reverse(_endpoints)];

    public bool IsFull => _endpoints.Count >= MaxEndpoints;

    public void Add(WebhookEndpoint endpoint) => _endpoints.Add(endpoint);

    public void Remove(WebhookEndpoint endpoint) => _endpoints.Remove(endpoint);

    public WebhookEndpoint? Find(string id) =>
        _endpoints.Find(endpoint => endpoint.Id == id);

    public IEnumerable<WebhookEndpoint> EnabledFor(string type) =>
        _endpoints.Where(endpoint => endpoint.Takes(type));
}

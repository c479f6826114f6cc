using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Webhooks;

/// <summary><c>/v1/webhook_endpoints</c>.</summary>
internal static class WebhookEndpointsApi
{
    public static StripeOperation Create { get; } = new(
        "webhook_endpoints.create",
        ParameterRules.Of("api_version", "description", "enabled_events", "metadata", "url")
            .Without("connect")
            .MayUnset("description", "metadata"),
        request =>
        {
            var parameters = request.Parameters;
            var webhooks = request.Account.Webhooks;
            Expansion.Of(parameters, "webhook_endpoint");
            var events = EventTypes.Of(parameters);
            var url = Url(parameters.Required("url"));
            var version = Version(parameters);
            if (events.Count == 0)
            {
                throw StripeRefusal.MissingParameter("enabled_events");
            }

            if (webhooks.IsFull)
            {
                throw StripeRefusal.Invalid(
                    $"You have reached the maximum of {WebhookEndpoints.MaxEndpoints} test "
                    + "webhook endpoints.");
            }

            var secret = StripeIds.WebhookSecret();
            var endpoint = new WebhookEndpoint(
                StripeIds.WebhookEndpoint(), request.Account.Now(), url, secret)
            {
                ApiVersion = version,
                Description = parameters.Text("description"),
                EnabledEvents = events,
                Metadata = Metadata.Merge(null, parameters)
            };
            webhooks.Add(endpoint);
            return JsonSnapshot.Of(json => WebhookEndpointJson.Write(json, endpoint, secret));
        });

    public static StripeOperation Get { get; } = new(
        "webhook_endpoints.get",
        ParameterRules.Of(),
        request => JsonSnapshot.Of(json => WebhookEndpointJson.Write(json, Find(request), null)));

    public static StripeOperation Update { get; } = new(
        "webhook_endpoints.update",
        ParameterRules.Of("description", "disabled", "enabled_events", "metadata", "url")
            .MayUnset("description", "metadata"),
        request =>
        {
            var parameters = request.Parameters;
            var endpoint = Find(request);
            var events = EventTypes.Of(parameters);
            var url = parameters.Text("url") is { } given ? Url(given) : endpoint.Url;
            var metadata = Metadata.Merge(endpoint.Metadata, parameters);
            endpoint.Disabled = parameters.Boolean("disabled") ?? endpoint.Disabled;
            endpoint.Url = url;
            endpoint.Metadata = metadata;
            endpoint.EnabledEvents = events.Count > 0 ? events : endpoint.EnabledEvents;
            if (parameters.Has("description"))
            {
                endpoint.Description = parameters.Text("description");
            }

            return JsonSnapshot.Of(json => WebhookEndpointJson.Write(json, endpoint, null));
        });

    public static StripeOperation Delete { get; } = new(
        "webhook_endpoints.delete",
        ParameterRules.Of(),
        request =>
        {
            var endpoint = Find(request);
            request.Account.Webhooks.Remove(endpoint);
            return JsonSnapshot.Of(json =>
            {
                json.WriteStartObject();
                json.Text("id", endpoint.Id);
                json.Text("object", "webhook_endpoint");
                json.WriteBoolean("deleted", true);
                json.WriteEndObject();
            });
        });

    public static StripeOperation List { get; } = new(
        "webhook_endpoints.list",
        ParameterRules.List(),
        request =>
        {
            Expansion.Of(request.Parameters, "webhook_endpoint", list: true);
            // There are a few endpoints only, so a page is cut from a table made for the purpose.
            var table = new ObjectTable<WebhookEndpoint>(
                WebhookEndpoints.MaxEndpoints, "webhook endpoint");
            foreach (var endpoint in request.Account.Webhooks.NewestFirst.Reverse())
            {
                table.Add(endpoint);
            }

            var page = table.Page(PageRequest.Of(request.Parameters), _ => true);
            return JsonSnapshot.Of(json => PageRequest.WriteList(
                json, "/v1/webhook_endpoints", page,
                endpoint => WebhookEndpointJson.Write(json, endpoint, null)));
        });

    private static WebhookEndpoint Find(StripeRequest request)
    {
        Expansion.Of(request.Parameters, "webhook_endpoint");
        return request.Account.Webhooks.Find(request.Id)
            ?? throw StripeRefusal.NoSuch("webhook endpoint", request.Id, "id");
    }

    private static string? Version(StripeParameters parameters) =>
        parameters.Text("api_version") is not { } version || StripeApi.Exists(version)
            ? parameters.Text("api_version")
            : throw StripeRefusal.Invalid(
                $"Invalid Stripe API version: {version}", "api_version");

    private static Uri Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https"
            ? url
            : throw StripeRefusal.Invalid("Invalid URL: An explicit scheme (such as https) must "
                + "be provided.", "url", "url_invalid");
}

using System.Text.Json;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Webhooks;

internal static class WebhookEndpointJson
{
    /// <summary>The secret is shown once, when the endpoint is created.</summary>
    public static void Write(Utf8JsonWriter json, WebhookEndpoint endpoint, string? secret)
    {
        json.WriteStartObject();
        json.Text("id", endpoint.Id);
        json.Text("object", "webhook_endpoint");
        json.Text("api_version", endpoint.ApiVersion);
        json.Nulls("application");
        json.Number("created", endpoint.Created);
        json.Text("description", endpoint.Description);
        json.Texts("enabled_events", endpoint.EnabledEvents);
        json.WriteBoolean("livemode", false);
        json.Hash("metadata", endpoint.Metadata);
        if (secret is not null)
        {
            json.Text("secret", secret);
        }

        json.Text("status", endpoint.Disabled ? "disabled" : "enabled");
        json.Text("url", endpoint.Url.ToString());
        json.WriteEndObject();
    }
}

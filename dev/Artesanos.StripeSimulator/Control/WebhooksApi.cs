using Artesanos.StripeSimulator.Webhooks;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Control;

/// <summary>Deliveries: how many are under way, one again by hand, a new secret.</summary>
internal static class WebhooksApi
{
    private const int DayInSeconds = 24 * 60 * 60;

    public static Task StateAsync(HttpContext http)
    {
        var counts = http.RequestServices.GetRequiredService<WebhookSender>().Counts;
        var state = new WebhookState(
            counts.Pending, counts.Delivered, counts.Failed, counts.Dropped, counts.Attempts);
        return http.Response.WriteAsJsonAsync(state, ControlJson.Default.WebhookState);
    }

    /// <summary>Delivers an event again to every endpoint that takes its type.</summary>
    public static async Task ResendAsync(HttpContext http)
    {
        var account = ControlExchange.Account(http);
        var sender = http.RequestServices.GetRequiredService<WebhookSender>();
        var id = ControlExchange.Id(http);
        var deliveries = 0;
        bool known;
        lock (account.Gate)
        {
            known = account.Events.Events.TryFind(id, out var happened);
            if (happened is not null)
            {
                foreach (var endpoint in account.Webhooks.EnabledFor(happened.Type))
                {
                    happened.DeliveryResumes();
                    sender.Send(happened, endpoint);
                    deliveries++;
                }
            }
        }

        if (!known)
        {
            await ControlExchange.RefuseAsync(http, 404, $"No such event: '{id}'");
            return;
        }

        await http.Response.WriteAsJsonAsync(
            new ObjectState(id, deliveries > 0 ? "resent" : "no endpoint takes its type"),
            ControlJson.Default.ObjectState);
    }

    /// <summary>Gives an endpoint a new secret; the old one signs too until it expires.</summary>
    public static async Task RollSecretAsync(HttpContext http)
    {
        var body = await ControlExchange.ReadAsync(
            http, ControlJson.Default.RollSecretRequest, new RollSecretRequest(null));
        if (body is null)
        {
            return;
        }

        var seconds = Math.Clamp(body.ExpiresInSeconds ?? DayInSeconds, 0, DayInSeconds);
        var account = ControlExchange.Account(http);
        var time = http.RequestServices.GetRequiredService<TimeProvider>();
        var secret = StripeIds.WebhookSecret();
        var id = ControlExchange.Id(http);
        bool known;
        lock (account.Gate)
        {
            var endpoint = account.Webhooks.Find(id);
            known = endpoint is not null;
            endpoint?.RollSecret(secret, time.GetUtcNow().AddSeconds(seconds));
        }

        if (!known)
        {
            await ControlExchange.RefuseAsync(http, 404, $"No such webhook endpoint: '{id}'");
            return;
        }

        await http.Response.WriteAsJsonAsync(
            new RolledSecret(id, secret, seconds), ControlJson.Default.RolledSecret);
    }
}

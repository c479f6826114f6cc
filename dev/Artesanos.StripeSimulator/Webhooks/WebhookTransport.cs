using System.Globalization;
using System.Net.Http.Headers;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Webhooks;

/// <summary>Posts one webhook: the event as it was, signed for this attempt.</summary>
internal sealed class WebhookTransport : IDisposable
{
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public WebhookTransport(WebhookOptions options, TimeProvider time)
    {
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = options.Concurrency,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5)
        })
        {
            Timeout = options.Timeout
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(
            "Stripe/1.0 (+https://stripe.com/docs/webhooks)");
    }

    /// <summary>Null when the receiver took it (any 2xx), else why not.</summary>
    public async Task<string?> PostAsync(WebhookDelivery delivery, CancellationToken stopping)
    {
        var endpoint = delivery.Endpoint;
        var body = JsonSnapshot.Of(
            json => delivery.Event.Write(json, endpoint.ApiVersion ?? StripeApi.Version));
        var now = _time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType =
            new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.TryAddWithoutValidation(
            "Stripe-Signature", WebhookSignature.Header(body, endpoint.SecretsAt(now), now));
        try
        {
            using var response = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, stopping);
            return response.IsSuccessStatusCode
                ? null
                : ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException error)
        {
            return error.Message;
        }
        catch (TaskCanceledException) when (!stopping.IsCancellationRequested)
        {
            return "no answer in time";
        }
    }

    public void Dispose() => _http.Dispose();
}

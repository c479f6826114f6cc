using System.Text;
using System.Text.Json;
using Artesanos.Messaging;
using Artesanos.Payments.Charging;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Artesanos.Payments.StripeApi;

/// <summary>
/// <c>POST /payments/webhook</c>: verify the raw bytes, store the event, answer 200. The work is
/// done from the stored row, so Stripe's timeout is never near and a crash loses nothing.
/// </summary>
internal static class ReceiveWebhook
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static void MapWebhook(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/payments/webhook", ReceiveAsync)
            .AllowAnonymous()
            .WithTags("Payments").WithName("ReceiveWebhook")
            .WithSummary("Stripe's webhook; authenticated by its signature.")
            .WithDescription("The body is the event as Stripe signed it, byte by byte, and the "
                + "signature stands in Stripe-Signature. Answered once the event is stored.")
            .WithRequestExample("""
                {"id":"evt_1Q2","object":"event","type":"payment_intent.succeeded",
                 "created":1795512000,"data":{"object":{"id":"pi_3Q1","object":"payment_intent"}}}
                """)
            .WithProblem(400, "webhook-signature").WithProblem(400, "webhook-body")
            .WithProblem(413, "body-too-large").WithProblem(503, "webhook-not-stored");

    private static async Task<Results<Ok, ProblemHttpResult>> ReceiveAsync(
        HttpContext http, EventStore store, EventProcessor processor,
        IOptions<StripeOptions> options, CancellationToken ct)
    {
        var settings = options.Value;
        var (body, length) = await ReadBodyAsync(http, settings.WebhookMaxBytes, ct);
        if (body is null)
        {
            return Refuse(StatusCodes.Status413PayloadTooLarge, "body-too-large",
                $"A webhook has at most {settings.WebhookMaxBytes} bytes.");
        }
        if (Decode(body, length) is not { } text
            || !WebhookSignature.IsGenuine(
                text, http.Request.Headers[WebhookSignature.Header].ToString(),
                settings.WebhookSecrets, settings.WebhookTolerance))
        {
            return Refuse(StatusCodes.Status400BadRequest, "webhook-signature",
                "The Stripe-Signature header is missing, wrong or too old.");
        }
        StripeEvent received;
        try
        {
            received = StripeEvent.Parse(body.AsMemory(0, length));
        }
        catch (JsonException)
        {
            return Refuse(StatusCodes.Status400BadRequest, "webhook-body",
                "The body is not a Stripe event.");
        }
        try
        {
            CrashPoints.Reach(CrashPoint.BeforeEventStored);
            var isNew = await store.AddAsync(received, body.AsMemory(0, length));
            CrashPoints.Reach(CrashPoint.AfterEventStored);
            PaymentMetrics.Webhook(received.Type, isNew ? "stored" : "duplicate");
            if (isNew)
            {
                processor.HandOver(received);
            }
            return TypedResults.Ok();
        }
        catch (Exception outage) when (outage is OverloadedException or NpgsqlException)
        {
            // Stripe comes again for up to three days.
            return Refuse(StatusCodes.Status503ServiceUnavailable, "webhook-not-stored",
                "The event could not be stored now.");
        }
    }

    private static ProblemHttpResult Refuse(int status, string slug, string detail)
    {
        // Whoever is refused may have sent anything as a type.
        PaymentMetrics.Webhook(type: null, slug);
        return Problems.Of(status, slug, detail);
    }

    /// <returns>Null when the body is larger than allowed, announced or not.</returns>
    private static async Task<(byte[]? Body, int Length)> ReadBodyAsync(
        HttpContext http, int maxBytes, CancellationToken ct)
    {
        if (http.Request.ContentLength > maxBytes)
        {
            return (null, 0);
        }
        // The host's own limit is lower; here the one above applies.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
        var body = new byte[http.Request.ContentLength ?? 4096];
        var length = 0;
        while (true)
        {
            if (length == body.Length)
            {
                if (length > maxBytes)
                {
                    return (null, 0);
                }
                // One byte more than announced or allowed is how the end is seen.
                Array.Resize(ref body, Math.Min(Math.Max(2 * length, 4096), maxBytes + 1));
            }
            var read = await http.Request.Body.ReadAsync(body.AsMemory(length), ct);
            if (read == 0)
            {
                return length > maxBytes ? (null, 0) : (body, length);
            }
            length += read;
        }
    }

    private static string? Decode(byte[] body, int length)
    {
        try
        {
            return StrictUtf8.GetString(body, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}

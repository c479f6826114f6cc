using Artesanos.StripeSimulator.Charges;
using Artesanos.StripeSimulator.Disputes;
using Artesanos.StripeSimulator.Events;
using Artesanos.StripeSimulator.PaymentIntents;
using Artesanos.StripeSimulator.Refunds;
using Artesanos.StripeSimulator.Webhooks;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator;

/// <summary>What of Stripe's API is modelled.</summary>
internal static class StripeRoutes
{
    public static void MapStripe(this WebApplication app)
    {
        var endpoint = app.Services.GetRequiredService<StripeEndpoint>();
        var v1 = app.MapGroup("/v1");

        Post("/payment_intents", CreatePaymentIntent.Operation);
        Get("/payment_intents", ReadPaymentIntents.List);
        Get("/payment_intents/{id}", ReadPaymentIntents.Get);
        Post("/payment_intents/{id}", UpdatePaymentIntent.Operation);
        Post("/payment_intents/{id}/confirm", ConfirmPaymentIntent.Operation);
        Post("/payment_intents/{id}/capture", CapturePaymentIntent.Operation);
        Post("/payment_intents/{id}/cancel", CancelPaymentIntent.Operation);

        Get("/charges", ReadCharges.List);
        Get("/charges/{id}", ReadCharges.Get);

        Post("/refunds", CreateRefund.Operation);
        Get("/refunds", ReadRefunds.List);
        Get("/refunds/{id}", ReadRefunds.Get);
        Post("/refunds/{id}", ReadRefunds.Update);

        Get("/events", ReadEvents.List);
        Get("/events/{id}", ReadEvents.Get);

        Get("/disputes", ReadDisputes.List);
        Get("/disputes/{id}", ReadDisputes.Get);

        Post("/webhook_endpoints", WebhookEndpointsApi.Create);
        Get("/webhook_endpoints", WebhookEndpointsApi.List);
        Get("/webhook_endpoints/{id}", WebhookEndpointsApi.Get);
        Post("/webhook_endpoints/{id}", WebhookEndpointsApi.Update);
        v1.MapMethods("/webhook_endpoints/{id}", ["DELETE"],
            http => endpoint.HandleAsync(http, WebhookEndpointsApi.Delete));

        v1.MapMethods("/{**rest}", ["OPTIONS"], AllowBrowsersAsync);
        v1.Map("/{**rest}", StripeResponses.WriteUnknownUrlAsync);

        void Get(string path, StripeOperation operation) =>
            v1.MapGet(path, http => Handle(http, operation));

        void Post(string path, StripeOperation operation) =>
            v1.MapPost(path, http => Handle(http, operation));

        Task Handle(HttpContext http, StripeOperation operation)
        {
            if (http.Request.Path.Value!.EndsWith('/'))
            {
                return StripeResponses.WriteUnknownUrlAsync(http);
            }

            if (operation.ForBrowsers)
            {
                http.Response.Headers.AccessControlAllowOrigin = "*";
            }

            return endpoint.HandleAsync(http, operation);
        }
    }

    /// <summary>A browser asks first whether it may send its key in a header.</summary>
    private static Task AllowBrowsersAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        http.Response.Headers.AccessControlAllowOrigin = "*";
        http.Response.Headers.AccessControlAllowMethods = "GET, POST";
        http.Response.Headers.AccessControlAllowHeaders =
            "Authorization, Content-Type, Idempotency-Key, Stripe-Version";
        return Task.CompletedTask;
    }
}

namespace Artesanos.StripeSimulator.Control;

/// <summary>The simulator's own API, for tests and the development dashboard. Nothing here exists
/// at Stripe.</summary>
internal static class ControlRoutes
{
    public static void MapControl(this WebApplication app)
    {
        var control = app.MapGroup("/control");

        control.MapGet("/faults", FaultsApi.ListAsync);
        control.MapPost("/faults", FaultsApi.AddAsync);
        control.MapMethods("/faults", ["DELETE"], FaultsApi.ClearAsync);
        control.MapMethods("/faults/{id}", ["DELETE"], FaultsApi.RemoveAsync);

        control.MapGet("/payment_intents/{id}/authentication", AuthenticationPage.ShowAsync);
        control.MapPost("/payment_intents/{id}/authentication", OutcomesApi.AuthenticateAsync);
        control.MapPost("/payment_intents/{id}/settle", OutcomesApi.SettleIntentAsync);
        control.MapPost("/payment_intents/{id}/dispute", OutcomesApi.DisputeAsync);
        control.MapPost("/disputes/{id}/close", OutcomesApi.CloseDisputeAsync);
        control.MapPost("/refunds/{id}/settle", OutcomesApi.SettleRefundAsync);

        control.MapGet("/webhooks", WebhooksApi.StateAsync);
        control.MapPost("/events/{id}/resend", WebhooksApi.ResendAsync);
        control.MapPost("/webhook_endpoints/{id}/roll_secret", WebhooksApi.RollSecretAsync);

        control.MapGet("/ledger", Ledger.WriteAsync);
    }
}

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
        Outcome("/payment_intents/{id}/authentication", OutcomesApi.Authenticate);
        Outcome("/payment_intents/{id}/settle", OutcomesApi.AnswerPayment);
        Outcome("/payment_intents/{id}/dispute", OutcomesApi.Dispute);
        Outcome("/disputes/{id}/close", OutcomesApi.CloseDispute);
        Outcome("/refunds/{id}/settle", OutcomesApi.AnswerRefund);

        control.MapGet("/webhooks", WebhooksApi.StateAsync);
        control.MapPost("/events/{id}/resend", WebhooksApi.ResendAsync);
        control.MapPost("/webhook_endpoints/{id}/roll_secret", WebhooksApi.RollSecretAsync);

        control.MapGet("/ledger", Ledger.WriteAsync);

        void Outcome(
            string path, Func<StripeAccount, string, OutcomeRequest, ObjectState> change) =>
            control.MapPost(path, http => OutcomesApi.ChangeAsync(http, change));
    }
}

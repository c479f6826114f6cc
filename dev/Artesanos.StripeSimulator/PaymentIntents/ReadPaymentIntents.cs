using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.PaymentIntents;

internal static class ReadPaymentIntents
{
    public static StripeOperation Get { get; } = new(
        "payment_intents.get",
        ParameterRules.Of("client_secret"),
        request => IntentParameters.Answer(request, IntentParameters.Find(request)),
        ForBrowsers: true);

    public static StripeOperation List { get; } = new(
        "payment_intents.list",
        ParameterRules.List("created", "customer").Without("customer_account"),
        request =>
        {
            var created = PageRequest.CreatedFilter(request.Parameters);
            var anyCustomer = request.Parameters.Text("customer") is null;
            var expansion = Expansion.Of(
                request.Parameters, "payment_intent", list: true);
            // No intent here has a customer, so a filter on one finds nothing.
            var page = request.Account.Intents.Page(
                PageRequest.Of(request.Parameters),
                intent => anyCustomer && created(intent.Created));
            return JsonSnapshot.Of(json => PageRequest.WriteList(
                json, "/v1/payment_intents", page,
                intent => PaymentIntentJson.Write(json, intent, expansion)));
        });
}

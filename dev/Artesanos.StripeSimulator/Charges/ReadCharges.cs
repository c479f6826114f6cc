using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Charges;

internal static class ReadCharges
{
    public static StripeOperation Get { get; } = new("charges.get", ParameterRules.Of(), request =>
    {
        if (!request.Account.Charges.TryFind(request.Id, out var charge))
        {
            throw StripeRefusal.NoSuch("charge", request.Id, "id");
        }

        var expansion = Expansion.Of(request.Parameters, "charge");
        return JsonSnapshot.Of(json => ChargeJson.Write(json, charge, expansion));
    });

    public static StripeOperation List { get; } = new(
        "charges.list",
        ParameterRules.List("created", "payment_intent").Without("customer", "transfer_group"),
        request =>
        {
            var created = PageRequest.CreatedFilter(request.Parameters);
            var intentId = request.Parameters.Text("payment_intent");
            var expansion = Expansion.Of(request.Parameters, "charge", list: true);
            var page = request.Account.Charges.Page(
                PageRequest.Of(request.Parameters),
                charge => created(charge.Created)
                    && (intentId is null || charge.Intent.Id == intentId));
            return JsonSnapshot.Of(json => PageRequest.WriteList(
                json, "/v1/charges", page,
                charge => ChargeJson.Write(json, charge, expansion)));
        });
}

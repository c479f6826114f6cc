using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Disputes;

internal static class ReadDisputes
{
    public static StripeOperation Get { get; } = new(
        "disputes.get", ParameterRules.Of(), request =>
        {
            if (!request.Account.Disputes.TryFind(request.Id, out var dispute))
            {
                throw StripeRefusal.NoSuch("dispute", request.Id, "id");
            }

            var expansion = Expansion.Of(request.Parameters, "dispute");
            return JsonSnapshot.Of(json => DisputeJson.Write(json, dispute, expansion));
        });

    public static StripeOperation List { get; } = new(
        "disputes.list",
        ParameterRules.List("charge", "created", "payment_intent"),
        request =>
        {
            var created = PageRequest.CreatedFilter(request.Parameters);
            var chargeId = request.Parameters.Text("charge");
            var intentId = request.Parameters.Text("payment_intent");
            var expansion = Expansion.Of(request.Parameters, "dispute", list: true);
            var page = request.Account.Disputes.Page(
                PageRequest.Of(request.Parameters),
                dispute => created(dispute.Created)
                    && (chargeId is null || dispute.Charge.Id == chargeId)
                    && (intentId is null || dispute.Charge.Intent.Id == intentId));
            return JsonSnapshot.Of(json => PageRequest.WriteList(
                json, "/v1/disputes", page,
                dispute => DisputeJson.Write(json, dispute, expansion)));
        });
}

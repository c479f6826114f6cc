using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Refunds;

internal static class ReadRefunds
{
    public static StripeOperation Get { get; } = new("refunds.get", ParameterRules.Of(), request =>
    {
        var refund = Find(request);
        var expansion = Expansion.Of(request.Parameters, "refund");
        return JsonSnapshot.Of(json => RefundJson.Write(json, refund, expansion));
    });

    public static StripeOperation Update { get; } = new(
        "refunds.update",
        ParameterRules.Of("metadata").MayUnset("metadata"),
        request =>
        {
            var refund = Find(request);
            var expansion = Expansion.Of(request.Parameters, "refund");
            var before = refund.Metadata;
            refund.Metadata = Metadata.Merge(before, request.Parameters);
            request.Account.Events.Raise(
                "refund.updated", refund, request.Origin,
                json => Metadata.WriteBefore(json, before, refund.Metadata));
            return JsonSnapshot.Of(json => RefundJson.Write(json, refund, expansion));
        });

    public static StripeOperation List { get; } = new(
        "refunds.list",
        ParameterRules.List("charge", "created", "payment_intent"),
        request =>
        {
            var created = PageRequest.CreatedFilter(request.Parameters);
            var chargeId = request.Parameters.Text("charge");
            var intentId = request.Parameters.Text("payment_intent");
            var expansion = Expansion.Of(request.Parameters, "refund", list: true);
            var page = request.Account.Refunds.Page(
                PageRequest.Of(request.Parameters),
                refund => created(refund.Created)
                    && (chargeId is null || refund.Charge.Id == chargeId)
                    && (intentId is null || refund.Charge.Intent.Id == intentId));
            return JsonSnapshot.Of(json => PageRequest.WriteList(
                json, "/v1/refunds", page,
                refund => RefundJson.Write(json, refund, expansion)));
        });

    private static Refund Find(StripeRequest request) =>
        request.Account.Refunds.TryFind(request.Id, out var refund)
            ? refund
            : throw StripeRefusal.NoSuch("refund", request.Id, "id");
}

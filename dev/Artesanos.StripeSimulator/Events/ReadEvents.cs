using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Events;

internal static class ReadEvents
{
    public static StripeOperation Get { get; } = new("events.get", ParameterRules.Of(), request =>
    {
        Expansion.Of(request.Parameters, "event");
        if (!request.Account.Events.Events.TryFind(request.Id, out var happened))
        {
            throw StripeRefusal.NoSuch("event", request.Id, "id");
        }

        return JsonSnapshot.Of(json => happened.Write(json, StripeApi.Version));
    });

    public static StripeOperation List { get; } = new(
        "events.list",
        ParameterRules.List("created", "delivery_success", "type", "types"),
        request =>
        {
            var parameters = request.Parameters;
            Expansion.Of(parameters, "event", list: true);
            var type = parameters.Text("type");
            var types = parameters.List("types");
            if (type is not null && types.Count > 0)
            {
                throw StripeRefusal.Exclusive("type", "types");
            }

            var created = PageRequest.CreatedFilter(parameters);
            var delivered = parameters.Boolean("delivery_success");
            var page = request.Account.Events.Events.Page(
                PageRequest.Of(parameters),
                happened => created(happened.Created)
                    && (delivered is null || happened.Delivered == delivered)
                    && (type is null || Matches(type, happened.Type))
                    && (types.Count == 0 || types.Contains(happened.Type)));
            return JsonSnapshot.Of(json => PageRequest.WriteList(
                json, "/v1/events", page, happened => happened.Write(json, StripeApi.Version)));
        });

    /// <summary><c>type</c> may end in a wildcard: <c>charge.*</c>.</summary>
    private static bool Matches(string pattern, string type) =>
        pattern.EndsWith('*')
            ? type.StartsWith(pattern[..^1], StringComparison.Ordinal)
            : type == pattern;
}

using System.Collections.Frozen;
using Artesanos.StripeSimulator.Wire;

namespace Artesanos.StripeSimulator.Webhooks;

/// <summary>What an endpoint may be told of. Stripe has some hundred types; a name is checked
/// here where it begins like one of the simulator's, as a wrong name would never be heard of.
/// </summary>
internal static class EventTypes
{
    private static readonly FrozenSet<string> Known = new[]
    {
        "charge.captured", "charge.dispute.closed", "charge.dispute.created",
        "charge.dispute.funds_reinstated", "charge.dispute.funds_withdrawn",
        "charge.dispute.updated", "charge.expired", "charge.failed", "charge.pending",
        "charge.refund.updated", "charge.refunded", "charge.succeeded", "charge.updated",
        "payment_intent.amount_capturable_updated", "payment_intent.canceled",
        "payment_intent.created", "payment_intent.partially_funded",
        "payment_intent.payment_failed", "payment_intent.processing",
        "payment_intent.requires_action", "payment_intent.succeeded",
        "refund.created", "refund.failed", "refund.updated"
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly string[] Ours = ["charge.", "payment_intent.", "refund."];

    /// <summary>The <c>enabled_events</c> of a request; empty where it names none.</summary>
    public static IReadOnlyList<string> Of(StripeParameters parameters)
    {
        var types = parameters.List("enabled_events");
        for (var i = 0; i < types.Count; i++)
        {
            var type = types[i];
            var exists = type == "*" || (Ours.Any(prefix =>
                    type.StartsWith(prefix, StringComparison.Ordinal))
                ? Known.Contains(type)
                : type.Contains('.', StringComparison.Ordinal));
            if (!exists)
            {
                throw StripeRefusal.Invalid(
                    $"Invalid enabled_events[{i}]: must be one of "
                    + string.Join(", ", Known.Order(StringComparer.Ordinal)),
                    $"enabled_events[{i}]");
            }
        }

        return types;
    }
}

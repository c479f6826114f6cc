namespace Artesanos.StripeSimulator.PaymentIntents;

/// <summary>Intents by the <c>order_id</c> in their metadata, so that the ledger of one order
/// does not read those of all. Guarded by the account's lock.</summary>
internal sealed class OrderIndex
{
    private const string Key = "order_id";

    private readonly Dictionary<string, List<PaymentIntent>> _byOrder =
        new(StringComparer.Ordinal);

    /// <summary>The order of an intent; empty where its metadata names none.</summary>
    public static string OrderOf(PaymentIntent intent) =>
        intent.Metadata.GetValueOrDefault(Key, "");

    /// <summary>To be called when an intent is made and when its metadata changes.</summary>
    public void Note(PaymentIntent intent)
    {
        var order = OrderOf(intent);
        if (order.Length == 0)
        {
            return;
        }

        if (!_byOrder.TryGetValue(order, out var intents))
        {
            _byOrder[order] = intents = [];
        }

        if (!intents.Contains(intent))
        {
            intents.Add(intent);
        }
    }

    /// <summary>Oldest first; those whose metadata has moved to another order left out.</summary>
    public IEnumerable<PaymentIntent> Of(string order) =>
        _byOrder.TryGetValue(order, out var intents)
            ? intents.Where(intent => OrderOf(intent) == order)
            : [];
}

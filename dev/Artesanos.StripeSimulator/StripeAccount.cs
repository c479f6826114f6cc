using Artesanos.StripeSimulator.Charges;
using Artesanos.StripeSimulator.Disputes;
using Artesanos.StripeSimulator.Events;
using Artesanos.StripeSimulator.PaymentIntents;
using Artesanos.StripeSimulator.Refunds;
using Artesanos.StripeSimulator.Webhooks;
using Artesanos.StripeSimulator.Wire;
using Microsoft.Extensions.Options;

namespace Artesanos.StripeSimulator;

/// <summary>The state of the one simulated account. Every operation runs under
/// <see cref="Gate"/>: each takes some microseconds, so one lock is faster than many and leaves
/// no interleaving to reason about. Nothing awaits while it is held.</summary>
internal sealed class StripeAccount
{
    private readonly TimeProvider _time;
    private readonly SimulatorOptions _options;

    public StripeAccount(
        IOptions<SimulatorOptions> options, WebhookEndpoints endpoints, WebhookSender sender,
        TimeProvider time)
    {
        _time = time;
        _options = options.Value;
        Webhooks = endpoints;
        Events = new EventLog(endpoints, sender, time, _options.MaxEvents);
        Intents = new(_options.MaxPaymentIntents, "payment_intent");
        Charges = new(int.MaxValue, "charge");
        Refunds = new(int.MaxValue, "refund");
        Disputes = new(int.MaxValue, "dispute");
    }

    public Lock Gate { get; } = new();

    public EventLog Events { get; }

    public WebhookEndpoints Webhooks { get; }

    public ObjectTable<PaymentIntent> Intents { get; }

    public OrderIndex Orders { get; } = new();

    // Bounded by the intents and the refunds of each, not by themselves: the ledger needs all.
    public ObjectTable<Charge> Charges { get; }

    public ObjectTable<Refund> Refunds { get; }

    public ObjectTable<Dispute> Disputes { get; }

    public long Now() => _time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Runs <paramref name="change"/> a little later, as outcomes that Stripe reports by
    /// webhook only come after the answer.</summary>
    public void Later(Action change) => _ = RunLaterAsync(change);

    private async Task RunLaterAsync(Action change)
    {
        await Task.Delay(_options.LateOutcomeDelay, _time);
        lock (Gate)
        {
            change();
        }
    }
}

using System.Diagnostics;
using Artesanos.Dashboard.Telemetry.Traces;
using Xunit;

namespace Artesanos.Tests.Observability;

/// <summary>One order is one trace, whoever works on it and whenever.</summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class TraceTests(TracedSystem system) : IClassFixture<TracedSystem>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly (string Service, string Name)[] Handlers =
    [
        ("orders", "publish inventory.commands.reserve"),
        ("inventory", "process inventory.commands.reserve"),
        ("inventory", "publish inventory.reserved"),
        ("orders", "process inventory.reserved"),
        ("orders", "publish payments.commands.process"),
        ("payments", "process payments.commands.process"),
        ("payments", "publish payments.succeeded"),
        ("orders", "process payments.succeeded"),
        ("inventory", "process inventory.commands.commit"),
        ("orders", "process inventory.committed"),
        ("orders", "publish orders.confirmed"),
        ("payments", "stripe CreateIntent"),
        ("payments", "stripe ConfirmIntent"),
    ];

    private readonly Topology _topology = system.Topology;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_order_is_one_connected_trace_from_the_gateway_to_the_webhook()
    {
        var (trace, caller) = (ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom());
        var product = await _topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await ShopperAsync(trace, caller);
        var order = await shopper.PlaceAsync(product, 1, Ct);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);

        (string, string)[] expected =
        [
            .. Handlers, ("gateway", "POST /orders/{**rest}"), ("payments", "POST"),
            ("payments", "webhook payment_intent.succeeded"),
            ("orders", "postgresql"), ("inventory", "postgresql"), ("payments", "postgresql"),
        ];
        var spans = await SpansAsync(trace, expected);

        // Services export on their own schedules: a child may come before its parent.
        List<Span> orphans = [];
        await Eventually.TrueAsync(
            () =>
            {
                var all = system.Receiver.SpansOf(trace.ToHexString());
                var known = all.Select(span => span.SpanId).Append(caller.ToHexString()).ToHashSet();
                orphans = all.FindAll(span => !known.Contains(span.ParentId));
                return Task.FromResult(orphans.Count == 0);
            },
            Patience, () => $"every span's parent came: {string.Join(", ", orphans)}", Ct);
        // Stripe knows no trace of ours: its request has its own, and the effect refers to it.
        var webhook = spans.First(span => span.Name == "webhook payment_intent.succeeded");
        var request = Assert.Single(webhook.Links);
        await Eventually.TrueAsync(
            () => Task.FromResult(system.Receiver.SpansOf(request.TraceId)
                .Exists(span => span.Name == "POST /payments/webhook")),
            Patience, "the webhook's own trace was exported", Ct);
    }

    [Fact]
    public async Task A_message_published_after_a_crash_stays_in_its_orders_trace()
    {
        var trace = ActivityTraceId.CreateRandom();
        var product = await _topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await ShopperAsync(trace, ActivitySpanId.CreateRandom());
        Guid order;
        await using (await Outage.OfAsync(_topology, "nats", Ct))
        {
            order = await shopper.PlaceAsync(product, 1, Ct);
            // The command is in its row only, and so is its trace.
            await _topology.KillAsync("orders", Ct);
        }
        await _topology.StartAsync("orders", Ct);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);

        await SpansAsync(trace, Handlers);
    }

    private async Task<Shopper> ShopperAsync(ActivityTraceId trace, ActivitySpanId caller)
    {
        var shopper = await _topology.NewShopperAsync(Ct);
        shopper.Http.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{caller}-01");
        return shopper;
    }

    /// <summary>Waits until the trace has all of these, and returns it whole.</summary>
    private async Task<List<Span>> SpansAsync(
        ActivityTraceId trace, (string Service, string Name)[] expected)
    {
        List<Span> spans = [];
        List<(string Service, string Name)> missing = [.. expected];
        await Eventually.TrueAsync(
            () =>
            {
                spans = system.Receiver.SpansOf(trace.ToHexString());
                missing.RemoveAll(wanted => spans.Exists(span =>
                    span.Service == wanted.Service && span.Name == wanted.Name));
                return Task.FromResult(missing.Count == 0);
            },
            Patience,
            () => $"these came: {string.Join(", ", missing)}. There: "
                + string.Join(", ", spans.Select(span => $"{span.Service}: {span.Name}").Distinct()),
            Ct);
        return spans;
    }
}

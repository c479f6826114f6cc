using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Artesanos.Tests.Observability;
using Xunit;

namespace Artesanos.Tests.Money;

/// <summary>
/// No card data, client secret or key in anything the system writes: logs, spans, metrics,
/// messages, columns, problem details. A system of its own, with a collector for its telemetry,
/// lives through the scenarios; then everything it wrote is searched.
/// </summary>
[Collection("Alone")]
[Trait("Category", "E2E")]
public sealed class NoSecretsTests : IAsyncLifetime
{
    private static readonly string[] Signals = ["/v1/traces", "/v1/logs", "/v1/metrics"];

    private readonly List<(string Place, string Text)> _problems = [];
    private readonly List<string> _secrets = [];
    private OtlpReceiver _sink = null!;
    private Topology _topology = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sink = await OtlpReceiver.StartAsync(CancellationToken.None);
        _topology = new Topology
        {
            Settings = new()
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _sink.Address.ToString(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            },
        };
        await _topology.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _topology.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_that_the_system_writes_holds_a_secret_or_a_card()
    {
        await LiveThroughEverythingAsync();
        var written = await WrittenBytes.ReadAsync(_topology, Ct);
        // Stopped in peace, the services export what they still hold.
        await _topology.DisposeAsync();
        written.AddRange(Signals.Select(signal => (
            signal, string.Concat(_sink.Of(signal).Select(Encoding.Latin1.GetString)))));
        written.AddRange(_problems);

        AssertEverySurfaceWasRead(written);
        var found = written.SelectMany(item => SecretSearch.In(item, _secrets)).ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private async Task LiveThroughEverythingAsync()
    {
        _secrets.AddRange(await _topology.WebhookSecretsAsync(Ct));
        using var stripe = new StripeDesk(_topology);
        using var shopper = await _topology.NewShopperAsync(Ct);
        var product = await _topology.NewProductAsync(stock: 50, priceMinor: 1999, Ct);

        var paid = await shopper.PlaceAsync(product, 1, Ct);
        var declined = await shopper.PlaceAsync(product, 1, Ct, "pm_card_chargeDeclined");
        await using (await stripe.FaultAsync("server_error", "payment_intents.create", Ct))
        {
            await _topology.AssertMoneyAsync(
                await shopper.PlaceAsync(product, 1, Ct), "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
        }
        await _topology.AssertMoneyAsync(paid, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
        await _topology.AssertMoneyAsync(declined, "FAILED", "FAILED", 0, 0, Ct);

        var threeDs = await UnpaidAsync(shopper, product);
        await Assert.ThrowsAnyAsync<Exception>(
            () => stripe.PayAsync(threeDs, Ct, "pm_card_chargeDeclined"));
        await stripe.PayAsync(threeDs, Ct, "pm_card_authenticationRequired");
        await stripe.AuthenticateAsync(threeDs, "succeeded", Ct);
        await _topology.AssertMoneyAsync(threeDs, "COMPLETED", "SUCCEEDED", 1999, 0, Ct);
        await stripe.DisputeAsync(threeDs, "fraudulent", Ct);

        var refunded = await UnpaidAsync(shopper, product);
        await stripe.DropNextWebhookAsync(refunded, "payment_intent.succeeded", Ct);
        await stripe.PayAsync(refunded, Ct);
        await shopper.CancelAsync(refunded, Ct);
        await _topology.AssertMoneyAsync(refunded, "CANCELLED", "REFUNDED", 1999, 1999, Ct);

        await CollectProblemsAsync(shopper, await UnpaidAsync(shopper, product));
        foreach (var order in new[] { paid, declined, threeDs, refunded })
        {
            await stripe.QuietAsync(order, Ct);
        }
        await stripe.QuietAsync(threeDs, Ct, "charge.dispute.*");
    }

    /// <summary>Its browser has got the client secret.</summary>
    private async Task<Guid> UnpaidAsync(Shopper shopper, Guid product)
    {
        var order = await shopper.PlaceUnpaidAsync(product, Ct);
        var view = await shopper.Http.GetFromJsonAsync<JsonElement>($"/payments/{order}", Ct);
        _secrets.Add(view.GetProperty("clientSecret").GetString()!);
        return order;
    }

    private async Task CollectProblemsAsync(Shopper shopper, Guid order)
    {
        using var other = await _topology.NewShopperAsync(Ct);
        await KeepAsync(await other.Http.GetAsync($"/payments/{order}", Ct));
        await KeepAsync(await shopper.Http.PostAsJsonAsync(
            "/orders", new { lines = "4242424242424242" }, Ct));
        await using (await new StripeDesk(_topology).FaultAsync(
            "unavailable", "payment_intents.get", Ct, next: 10))
        {
            await KeepAsync(await shopper.Http.GetAsync($"/payments/{order}", Ct));
        }
        var body = StripeDesk.EventJson("evt_1", "payment_intent.succeeded", new
        {
            id = "pi_1",
            @object = "payment_intent",
            client_secret = "pi_1_secret_forged",
        });
        Assert.Equal(HttpStatusCode.BadRequest, await _topology.PostWebhookAsync(
            body, "whsec_of_somebody_else", TimeSpan.Zero, Ct));
        Assert.Equal(HttpStatusCode.OK, await _topology.PostWebhookAsync(
            body, _secrets[1], TimeSpan.Zero, Ct));
    }

    private async Task KeepAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.False(answer.IsSuccessStatusCode);
            var text = await answer.Content.ReadAsStringAsync(Ct);
            _problems.Add(($"problem {(int)answer.StatusCode}", text));
        }
    }

    private static void AssertEverySurfaceWasRead(List<(string Place, string Text)> written)
    {
        foreach (var place in new[]
        {
            "log payments", "log orders", "log gateway", "stream payments", "stream orders",
            "payments.payments.", "payments.stripe_events.body", "payments.disputes.",
            "orders.outbox.payload", "inventory.inbox.", "/v1/traces", "/v1/logs", "problem 404",
        })
        {
            Assert.Contains(written, item => item.Text.Length > 0
                && item.Place.StartsWith(place, StringComparison.Ordinal));
        }
        Assert.Contains("payment_intents", written.First(
            item => item.Place == "/v1/traces").Text, StringComparison.Ordinal);
    }
}

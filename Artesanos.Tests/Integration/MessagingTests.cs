using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Integration;

/// <summary>Orders ↔ NATS ↔ Inventory and Orders ↔ NATS ↔ Payments, on the real streams.</summary>
[Trait("Category", "Integration")]
public sealed class MessagingTests(Topology topology)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orders_and_Inventory_talk_over_the_inventory_stream_once_per_step()
    {
        var product = await topology.NewProductAsync(stock: 2, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 2, Ct);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);

        Assert.Equal(
            ["inventory.commands.reserve", "inventory.commands.commit"],
            await SentAsync("orders", order, "inventory.%"));
        Assert.Equal(
            ["inventory.reserved", "inventory.committed"],
            await SentAsync("inventory", order, "inventory.%"));
    }

    [Fact]
    public async Task Orders_and_Payments_talk_over_the_payments_stream_once_per_step()
    {
        var product = await topology.NewProductAsync(stock: 2, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 2, Ct);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);

        Assert.Equal(
            ["payments.commands.process"], await SentAsync("orders", order, "payments.%"));
        Assert.Equal(
            ["payments.pending", "payments.succeeded"],
            await SentAsync("payments", order, "payments.%"));
    }

    [Fact]
    public async Task A_repeated_message_has_no_second_effect()
    {
        var product = await topology.NewProductAsync(stock: 2, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);

        // Under a new id neither the stream nor the inbox can know that it comes again.
        var payload = await topology.QueryAsync<byte[]>("orders",
            "SELECT payload FROM outbox WHERE key = $1 AND subject = 'inventory.commands.reserve'",
            Ct, order);
        await topology.PublishAsync("inventory.commands.reserve", payload!, Ct);
        await topology.PublishAsync("inventory.commands.reserve", payload!, Ct);
        await Eventually.TrueAsync(
            async () => (await SentAsync("inventory", order, "inventory.committed")).Count == 3,
            Patience, "both repetitions are answered with the outcome that stands", Ct);

        Assert.Equal(1, await topology.AvailableAsync(product, Ct));
        Assert.Equal("COMPLETED",
            (await shopper.OrderAsync(order, Ct)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_message_that_the_stream_has_forgotten_is_still_handled_once()
    {
        var product = await topology.NewProductAsync(stock: 2, priceMinor: 1000, Ct);
        var (handled, known, fresh) =
            (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        Assert.Equal(handled, await topology.QueryAsync<Guid>("inventory",
            "INSERT INTO inbox (id, handled_at) VALUES ($1, now()) RETURNING id", Ct, handled));

        // For the stream both are new, and nobody has delivered them before.
        await Task.WhenAll(
            topology.PublishAsync("inventory.commands.reserve", Reserve(known), Ct, handled),
            topology.PublishAsync("inventory.commands.reserve", Reserve(fresh), Ct));
        await Eventually.TrueAsync(
            async () => (await SentAsync("inventory", fresh, "inventory.reserved")).Count == 1,
            Patience, "the new command is not held up by the other", Ct);
        // The consumer handles one batch after the other: a third one comes after both.
        var last = Guid.CreateVersion7();
        await topology.PublishAsync("inventory.commands.reserve", Reserve(last), Ct);
        await Eventually.TrueAsync(
            async () => (await SentAsync("inventory", last, "inventory.reserved")).Count == 1,
            Patience, "the last command is answered", Ct);

        Assert.Empty(await SentAsync("inventory", known, "inventory.%"));
        Assert.Equal(0, await topology.AvailableAsync(product, Ct));

        byte[] Reserve(Guid order) => Json(new
        {
            orderId = order,
            lines = new[] { new { productId = product, quantity = 1 } },
        });
    }

    [Fact]
    public async Task A_message_that_breaks_its_contract_becomes_a_dead_letter_and_holds_up_nobody()
    {
        var id = Guid.CreateVersion7();
        await topology.PublishAsync(
            "inventory.reserved", """{"orderId":"clay"}"""u8.ToArray(), Ct, id);

        using var operations = await topology.SignInAsync("olga", "operator", Ct);
        JsonElement letter = default;
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await operations.GetAsync(
                    $"/orders/operations/dead-letters/{id}", Ct);
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    return false;
                }
                letter = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
                return true;
            },
            Patience, "the message is a dead letter", Ct);
        Assert.Equal("""{"orderId":"clay"}""", letter.GetProperty("payload").GetString());
        Assert.Equal("OPEN", letter.GetProperty("summary").GetProperty("status").GetString());

        using var replay = await operations.PostAsync(
            $"/orders/operations/dead-letters/{id}/replay", null, Ct);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, replay.StatusCode);
        using var discard = await operations.PostAsync(
            $"/orders/operations/dead-letters/{id}/discard", null, Ct);
        Assert.Equal(HttpStatusCode.NoContent, discard.StatusCode);
        using var again = await operations.PostAsync(
            $"/orders/operations/dead-letters/{id}/discard", null, Ct);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);

        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        await shopper.WaitForAsync(await shopper.PlaceAsync(product, 1, Ct), "COMPLETED", Ct);
    }

    [Fact]
    public async Task A_message_that_must_never_come_is_put_aside_and_can_be_replayed()
    {
        var (id, order) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await topology.PublishAsync("payments.commands.cancel",
            Json(new { orderId = order, reason = "test" }), Ct);
        await topology.PublishAsync("payments.refunded",
            Json(new { orderId = order, amountMinor = 100, currency = "EUR" }), Ct, id);
        using var operations = await topology.SignInAsync("olga", "operator", Ct);
        await Eventually.TrueAsync(
            async () => (await operations.GetAsync(
                $"/orders/operations/dead-letters/{id}", Ct)).IsSuccessStatusCode,
            Patience, "an answer for an unknown order is a dead letter", Ct);

        using var replay = await operations.PostAsync(
            $"/orders/operations/dead-letters/{id}/replay", null, Ct);

        // There is still no such order; the letter stays open for whoever finds out why.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, replay.StatusCode);
        var letter = await operations.GetFromJsonAsync<JsonElement>(
            $"/orders/operations/dead-letters/{id}", Ct);
        Assert.Equal("OPEN", letter.GetProperty("summary").GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_message_that_NATS_gave_up_is_a_dead_letter_and_its_replay_does_nothing_twice()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);
        var payload = await topology.QueryAsync<byte[]>("inventory",
            "SELECT payload FROM outbox WHERE key = $1 AND subject = 'inventory.committed'",
            Ct, order);
        var id = Guid.CreateVersion7();
        var sequence = await topology.PublishAsync(
            "inventory.committed", payload!, Ct, id);

        // What the server says when the last delivery of a message ends without an answer.
        await topology.PublishAsync(
            "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.inventory.orders", Json(new
            {
                stream = "inventory",
                consumer = "orders",
                stream_seq = sequence,
                deliveries = 12,
            }), Ct);
        using var operations = await topology.SignInAsync("olga", "operator", Ct);
        await Eventually.TrueAsync(
            async () => (await operations.GetAsync(
                $"/orders/operations/dead-letters/{id}", Ct)).IsSuccessStatusCode,
            Patience, "the message is a dead letter", Ct);

        using var replay = await operations.PostAsync(
            $"/orders/operations/dead-letters/{id}/replay", null, Ct);

        Assert.Equal(HttpStatusCode.NoContent, replay.StatusCode);
        var letter = await operations.GetFromJsonAsync<JsonElement>(
            $"/orders/operations/dead-letters/{id}", Ct);
        Assert.Equal("REPLAYED", letter.GetProperty("summary").GetProperty("status").GetString());
        Assert.Equal("olga", letter.GetProperty("summary").GetProperty("resolvedBy").GetString());
        Assert.Equal(1L, await topology.QueryAsync<long>("orders",
            "SELECT count(*) FROM order_history WHERE message_id = $1", Ct, id));
        using var again = await operations.PostAsync(
            $"/orders/operations/dead-letters/{id}/replay", null, Ct);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    [Theory]
    [InlineData("shopper", HttpStatusCode.Forbidden)]
    [InlineData("artisan", HttpStatusCode.Forbidden)]
    [InlineData("operator", HttpStatusCode.OK)]
    public async Task Dead_letters_are_for_operators(string role, HttpStatusCode expected)
    {
        using var caller = await topology.SignInAsync("olga", role, Ct);
        foreach (var service in new[] { "orders", "payments", "inventory" })
        {
            using var answer = await caller.GetAsync($"/{service}/operations/dead-letters", Ct);
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    private async Task<List<string>> SentAsync(string service, Guid order, string subject) =>
        await topology.QueryTextsAsync(service,
            "SELECT subject FROM outbox WHERE key = $1 AND subject LIKE $2 ORDER BY id",
            Ct, order, subject);

    /// <returns>The sequence in its stream.</returns>
    private static byte[] Json(object value) => JsonSerializer.SerializeToUtf8Bytes(value);
}

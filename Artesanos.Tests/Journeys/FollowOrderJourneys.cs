using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Journeys;

/// <summary>A shopper watches an order, through the gateway.</summary>
[Trait("Category", "E2E")]
public sealed class FollowOrderJourneys(Topology topology)
{
    private static readonly string[] Path =
        ["STARTED", "STOCK_RESERVED", "PAYMENT_PENDING", "CONFIRMING", "COMPLETED"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_state_arrives_in_sequence_and_the_stream_ends_with_the_last()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct);

        using var answer = await FollowAsync(shopper.Http, order);
        var events = await ReadAsync(answer, int.MaxValue);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("br", answer.Content.Headers.ContentEncoding);
        Assert.DoesNotContain("gzip", answer.Content.Headers.ContentEncoding);
        Assert.Equal(Path, events.Select(StatusOf));
        Assert.Equal(events.Select(e => int.Parse(e.EventId!)).Order(), events.Select(
            e => int.Parse(e.EventId!)));
    }

    [Fact]
    public async Task A_waiting_stream_hears_of_a_payment_without_asking_again()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var desk = new StripeDesk(topology);
        var order = await shopper.PlaceAsync(product, 1, Ct, card: null);
        await shopper.WaitForAsync(order, "PAYMENT_PENDING", Ct);
        using var answer = await FollowAsync(shopper.Http, order);
        await using var stream = await answer.Content.ReadAsStreamAsync(Ct);
        var events = SseParser.Create(stream).EnumerateAsync(Ct).GetAsyncEnumerator(Ct);
        foreach (var status in Path[..3])
        {
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(status, StatusOf(events.Current));
        }

        await desk.PayAsync(order, Ct);

        foreach (var status in Path[3..])
        {
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(status, StatusOf(events.Current));
        }
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task Who_comes_back_gets_what_came_after_and_then_no_content()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct);
        using var first = await FollowAsync(shopper.Http, order);
        var seen = await ReadAsync(first, 2);

        using var second = await FollowAsync(shopper.Http, order, seen[^1].EventId);
        var rest = await ReadAsync(second, int.MaxValue);
        using var third = await FollowAsync(shopper.Http, order, rest[^1].EventId);

        Assert.Equal(Path[..2], seen.Select(StatusOf));
        Assert.Equal(Path[2..], rest.Select(StatusOf));
        Assert.Equal(HttpStatusCode.NoContent, third.StatusCode);
    }

    [Fact]
    public async Task Only_the_owner_may_watch_and_only_with_a_token_in_the_header()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var shopper = await topology.NewShopperAsync(Ct);
        using var other = await topology.NewShopperAsync(Ct);
        var order = await shopper.PlaceAsync(product, 1, Ct);
        var token = shopper.Http.DefaultRequestHeaders.Authorization!.Parameter;

        using var theirs = await FollowAsync(other.Http, order);
        using var anonymous = await topology.Gateway.GetAsync(
            $"/orders/{order}/events?access_token={token}", Ct);

        Assert.Equal(HttpStatusCode.NotFound, theirs.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        await shopper.WaitForAsync(order, "COMPLETED", Ct);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("99999999999")]
    public async Task An_id_that_no_event_has_is_a_400(string id)
    {
        using var shopper = await topology.NewShopperAsync(Ct);

        using var answer = await FollowAsync(shopper.Http, Guid.CreateVersion7(), id);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    internal static async Task<HttpResponseMessage> FollowAsync(
        HttpClient client, Guid order, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/orders/{order}/events");
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "br, gzip");
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
    }

    internal static async Task<List<SseItem<string>>> ReadAsync(
        HttpResponseMessage answer, int count)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using var stream = await answer.Content.ReadAsStreamAsync(Ct);
        var events = new List<SseItem<string>>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(Ct))
        {
            events.Add(item);
            if (events.Count == count)
            {
                break;
            }
        }
        return events;
    }

    internal static string? StatusOf(SseItem<string> item)
    {
        Assert.Equal("status", item.EventType);
        return JsonSerializer.Deserialize<JsonElement>(item.Data).GetProperty("status").GetString();
    }
}

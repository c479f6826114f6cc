using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Journeys;

/// <summary>A shopper leafs through their orders.</summary>
[Trait("Category", "E2E")]
public sealed class ListOrdersJourneys(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_show_own_orders_newest_first_each_once_also_while_new_ones_come()
    {
        using var shopper = await topology.NewShopperAsync(Ct);
        var placed = new List<Guid>();
        for (var i = 0; i < 7; i++)
        {
            placed.Add(await shopper.PlaceAsync(Guid.CreateVersion7(), 1, Ct));
        }
        placed.Reverse();

        var seen = new List<Guid>();
        var (page, next) = await PageAsync(shopper, "?limit=3");
        seen.AddRange(page);
        var later = await shopper.PlaceAsync(Guid.CreateVersion7(), 1, Ct);
        while (next is not null)
        {
            (page, next) = await PageAsync(shopper, $"?limit=3&cursor={next}");
            seen.AddRange(page);
        }

        Assert.Equal(placed, seen);
        Assert.Equal(later, (await PageAsync(shopper, "")).Ids[0]);
    }

    [Fact]
    public async Task A_full_last_page_has_no_next()
    {
        using var shopper = await topology.NewShopperAsync(Ct);
        await shopper.PlaceAsync(Guid.CreateVersion7(), 1, Ct);
        await shopper.PlaceAsync(Guid.CreateVersion7(), 1, Ct);

        var (page, next) = await PageAsync(shopper, "?limit=2");

        Assert.Equal(2, page.Count);
        Assert.Null(next);
    }

    [Fact]
    public async Task A_shopper_without_orders_gets_an_empty_list()
    {
        using var shopper = await topology.NewShopperAsync(Ct);

        var answer = await shopper.Http.GetStringAsync("/orders", Ct);

        Assert.Equal("""{"items":[],"next":null}""", answer);
    }

    [Fact]
    public async Task A_cursor_of_somebody_else_shows_nothing_of_theirs()
    {
        using var ana = await topology.NewShopperAsync(Ct);
        using var eva = await topology.NewShopperAsync(Ct);
        for (var i = 0; i < 3; i++)
        {
            await ana.PlaceAsync(Guid.CreateVersion7(), 1, Ct);
        }
        var (_, next) = await PageAsync(ana, "?limit=1");

        var (page, _) = await PageAsync(eva, $"?cursor={next}");

        Assert.Empty(page);
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?limit=many", "limit")]
    [InlineData("?cursor=", "cursor")]
    [InlineData("?cursor=clay", "cursor")]
    [InlineData("?cursor=%00AAAAAAAAAAAAAAAAAAAAA", "cursor")]
    [InlineData("?cursor=AAAAAAAAAAAAAAAAAAAAAAA", "cursor")]
    public async Task A_wrong_page_is_a_400_that_names_the_parameter(string query, string field)
    {
        using var shopper = await topology.NewShopperAsync(Ct);

        using var answer = await shopper.Http.GetAsync($"/orders{query}", Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal("/problems/validation", problem.GetProperty("type").GetString());
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
    }

    /// <summary>However many orders there are, a page reads a page of the index.</summary>
    [Fact]
    public async Task A_deep_page_is_read_from_the_index_of_customer_and_id()
    {
        var plan = await topology.QueryAsync<string>("orders",
            """
            SET enable_seqscan = off;
            SET enable_bitmapscan = off;
            EXPLAIN (FORMAT JSON)
            SELECT * FROM orders WHERE customer_id = 'nobody'
                AND id < 'ffffffff-ffff-7fff-bfff-ffffffffffff' ORDER BY id DESC LIMIT 21
            """, Ct);

        Assert.Contains("ix_orders_customer", plan);
        Assert.Contains("Backward", plan);
        Assert.DoesNotContain("\"Sort\"", plan);
    }

    private static async Task<(List<Guid> Ids, string? Next)> PageAsync(
        Shopper shopper, string query)
    {
        var page = await shopper.Http.GetFromJsonAsync<JsonElement>($"/orders{query}", Ct);
        return (
            [.. page.GetProperty("items").EnumerateArray()
                .Select(order => order.GetProperty("id").GetGuid())],
            page.GetProperty("next").GetString());
    }
}

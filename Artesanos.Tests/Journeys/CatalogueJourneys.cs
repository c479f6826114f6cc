using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Artesanos.Tests.Journeys;

/// <summary>Finding products, keeping copies of them, changing them without a lost edit.</summary>
[Trait("Category", "E2E")]
public sealed class CatalogueJourneys(Topology topology)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A word that only this test's products have.</summary>
    private readonly string _mark = $"m{Guid.CreateVersion7():N}";

    [Theory]
    [InlineData("ceramica")]
    [InlineData("CERÁMICA")]
    [InlineData("cerámicas")]
    [InlineData("ceram")]
    [InlineData("nandu")]
    [InlineData("ubeda ceramica")]
    [InlineData("Úbeda,  cigüeña!")]
    [InlineData("jarras")]
    public async Task A_product_is_found_whatever_the_accents_case_and_ending(string words)
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var product = await AddAsync(artisan, "Jarra de Cerámica Ñandú", "Úbeda");

        // The mark comes last, as a whole word for both ways of searching.
        var page = await ListAsync($"q={Uri.EscapeDataString($"{words} {_mark}")}");

        Assert.Equal([product], Ids(page));
    }

    [Theory]
    [InlineData("botijo")]
    [InlineData("' OR 1=1 --")]
    [InlineData("jarra & !ceramica | (")]
    [InlineData("...")]
    public async Task Other_words_and_operators_find_nothing(string words)
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        await AddAsync(artisan, "Jarra de Cerámica", "Úbeda");

        var page = await ListAsync($"q={Uri.EscapeDataString($"{words} x{_mark}")}");

        Assert.Empty(Ids(page));
    }

    [Fact]
    public async Task Filters_narrow_and_pages_cover_everything_once()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var here = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            here.Add(await AddAsync(artisan, $"Plato {i}", "Baeza"));
        }
        await AddAsync(artisan, "Plato lejano", "Úbeda");

        var found = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await ListAsync($"q={_mark}&town=Baeza&artisan={_mark}&limit=2"
                + (cursor is null ? "" : $"&cursor={cursor}"));
            found.AddRange(Ids(page));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);

        Assert.Equal(here, found);
    }

    [Theory]
    [InlineData("q=")]
    [InlineData("q=a%00b")]
    [InlineData("town=%0A")]
    [InlineData("artisan=", 101)]
    public async Task A_malformed_filter_is_a_400_that_names_it(string query, int more = 0)
    {
        query += new string('x', more);
        using var answer = await topology.Gateway.GetAsync($"/products?{query}", Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.True(problem.GetProperty("errors").TryGetProperty(query.Split('=')[0], out _));
    }

    [Fact]
    public async Task A_copy_is_good_until_the_stock_or_the_product_changes()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var product = await AddAsync(artisan, "Farol", "Úbeda");
        foreach (var path in new[] { $"/products/{product}", $"/products?q={_mark}" })
        {
            using var first = await topology.Gateway.GetAsync(path, Ct);
            var tag = first.Headers.ETag!.ToString();
            using var known = await AskAsync(path, tag);
            await artisan.RestockAsync(product, 1, Ct);
            using var restocked = await AskAsync(path, tag);
            using var other = await AskAsync(path, "\"other\"");

            Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
            Assert.Empty(await known.Content.ReadAsByteArrayAsync(Ct));
            Assert.Equal(HttpStatusCode.OK, restocked.StatusCode);
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
            Assert.NotEqual(tag, restocked.Headers.ETag!.ToString());
        }
    }

    [Fact]
    public async Task Of_two_edits_of_the_same_version_the_second_is_refused()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var product = await AddAsync(artisan, "Farol", "Úbeda");
        using var read = await topology.Gateway.GetAsync($"/products/{product}", Ct);
        var tag = read.Headers.ETag!.ToString();
        // An order or a restock in between is no edit.
        await artisan.RestockAsync(product, 1, Ct);

        using var first = await Artisan.PutAsync(
            artisan.Http, product, Artisan.Change(1, "Primero"), Ct, tag);
        using var second = await Artisan.PutAsync(
            artisan.Http, product, Artisan.Change(1, "Segundo"), Ct, tag);
        using var third = await Artisan.PutAsync(
            artisan.Http, product, Artisan.Change(1, "Tercero"), Ct,
            first.Headers.ETag!.ToString());

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await AssertProblemAsync(second, HttpStatusCode.PreconditionFailed, "version-changed");
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        var view = await topology.Gateway.GetFromJsonAsync<JsonElement>($"/products/{product}", Ct);
        Assert.Equal("Tercero", view.GetProperty("name").GetString());
    }

    [Fact]
    public async Task An_edit_that_names_no_version_is_refused()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        var product = await AddAsync(artisan, "Farol", "Úbeda");

        using var without = await Artisan.PutAsync(
            artisan.Http, product, Artisan.Change(1), Ct, ifMatch: null);
        using var nonsense = await Artisan.PutAsync(
            artisan.Http, product, Artisan.Change(1), Ct, "\"nonsense\"");

        await AssertProblemAsync(without, HttpStatusCode.PreconditionRequired, "version-required");
        await AssertProblemAsync(nonsense, HttpStatusCode.PreconditionFailed, "version-changed");
    }

    [Fact]
    public async Task An_artisan_sees_own_products_with_their_stock_and_only_those()
    {
        using var artisan = await Artisan.NewAsync(topology, Ct);
        using var other = await Artisan.NewAsync(topology, Ct);
        var product = await artisan.AddAsync(stock: 7, threshold: 2, Ct);
        await other.AddAsync(stock: 7, threshold: 2, Ct);

        var own = await artisan.Http.GetFromJsonAsync<JsonElement>("/products/own", Ct);

        var item = Assert.Single(own.GetProperty("items").EnumerateArray());
        Assert.Equal(product, item.GetProperty("id").GetGuid());
        Assert.Equal(7, item.GetProperty("onHand").GetInt32());
        Assert.Equal(2, item.GetProperty("lowStockThreshold").GetInt32());
        Assert.Equal(1, item.GetProperty("version").GetInt32());
        Assert.Equal(JsonValueKind.Null, own.GetProperty("next").ValueKind);
        using var anonymous = await topology.Gateway.GetAsync("/products/own", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
    }

    private async Task<Guid> AddAsync(Artisan artisan, string name, string town)
    {
        using var answer = await artisan.Http.PostAsJsonAsync("/products", new
        {
            name,
            artisan = _mark,
            town,
            description = "Con una cigüeña.",
            priceMinor = 1500,
            currency = "EUR",
            stock = 5,
        }, Ct);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.NotNull(answer.Headers.ETag);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct))
            .GetProperty("id").GetGuid();
    }

    private Task<JsonElement> ListAsync(string query) =>
        topology.Gateway.GetFromJsonAsync<JsonElement>($"/products?{query}", Ct);

    private static List<Guid> Ids(JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid())];

    private async Task<HttpResponseMessage> AskAsync(string path, string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return await topology.Gateway.SendAsync(request, Ct);
    }

    private static async Task AssertProblemAsync(
        HttpResponseMessage answer, HttpStatusCode status, string slug)
    {
        Assert.Equal(status, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal($"/problems/{slug}", problem.GetProperty("type").GetString());
    }
}

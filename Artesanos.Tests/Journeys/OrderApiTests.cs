using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.Testing;
using Xunit;

namespace Artesanos.Tests.Journeys;

/// <summary>Bad input through the gateway: a clear answer, and nothing stored.</summary>
[Trait("Category", "E2E")]
public sealed class OrderApiTests(Topology topology)
{
    private const string Product = "01990000-0000-7000-8000-0000000000aa";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> InvalidBodies() => new()
    {
        { """{"lines":[]}""", "lines" },
        { """{}""", "lines" },
        { """{"lines":null}""", "lines" },
        { """{"lines":[null]}""", "lines[0]" },
        { $$"""{"lines":[{"productId":"{{Product}}","quantity":0}]}""", "lines[0].quantity" },
        { $$"""{"lines":[{"productId":"{{Product}}","quantity":-1}]}""", "lines[0].quantity" },
        { $$"""{"lines":[{"productId":"{{Product}}","quantity":1001}]}""", "lines[0].quantity" },
        {
            $$"""{"lines":[{"productId":"{{Product}}","quantity":99999999999999999999}]}""",
            "lines[0].quantity"
        },
        { $$"""{"lines":[{"productId":"{{Product}}","quantity":1.5}]}""", "lines[0].quantity" },
        { $$"""{"lines":[{"productId":"{{Product}}","quantity":"2"}]}""", "lines[0].quantity" },
        { $$"""{"lines":[{"productId":"{{Product}}"}]}""", "lines[0].quantity" },
        { """{"lines":[{"productId":"clay","quantity":1}]}""", "lines[0].productId" },
        { """{"lines":[{"quantity":1}]}""", "lines[0].productId" },
        {
            """{"lines":[{"productId":"00000000-0000-0000-0000-000000000000","quantity":1}]}""",
            "lines[0].productId"
        },
        { WithLines(101), "lines" },
        {
            $$"""{"lines":[{"productId":"{{Product}}","quantity":600},{"productId":"{{Product}}","quantity":600}]}""",
            "lines"
        },
        { Valid(""","expectedTotalMinor":0"""), "expectedTotalMinor" },
        { Valid(""","paymentMethodId":"" """), "paymentMethodId" },
        { Valid(""","paymentMethodId":"pm\u0000card" """), "paymentMethodId" },
        {
            Valid(""","shippingAddress":{"name":"Ana","line1":"Real 1","city":"Úbeda","postalCode":"23400","country":"Spain"}"""),
            "shippingAddress.country"
        },
        {
            Valid(""","shippingAddress":{"name":"Ana\ud800","line1":"Real 1","city":"Úbeda","postalCode":"23400","country":"ES"}"""),
            "shippingAddress.name"
        },
    };

    [Theory]
    [MemberData(nameof(InvalidBodies))]
    public async Task An_invalid_order_is_a_400_that_names_the_field(string body, string field)
    {
        using var shopper = await topology.NewShopperAsync(Ct);

        using var answer = await PostAsync(shopper, body);

        var problem = await ProblemAsync(answer, HttpStatusCode.BadRequest);
        Assert.Contains(field,
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        await AssertNothingStoredAsync(shopper);
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("null", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("\"lines\"", HttpStatusCode.BadRequest)]
    public async Task A_body_that_is_no_order_is_a_400(string body, HttpStatusCode expected)
    {
        using var shopper = await topology.NewShopperAsync(Ct);

        using var answer = await PostAsync(shopper, body);

        await ProblemAsync(answer, expected);
        await AssertNothingStoredAsync(shopper);
    }

    [Fact]
    public async Task A_body_over_64_KiB_is_a_413()
    {
        using var shopper = await topology.NewShopperAsync(Ct);
        var body = Valid($$""","paymentMethodId":"{{new string('x', 65 * 1024)}}" """);

        using var answer = await PostAsync(shopper, body);

        await ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge);
        await AssertNothingStoredAsync(shopper);
    }

    [Fact]
    public async Task Invalid_UTF8_is_a_400()
    {
        using var shopper = await topology.NewShopperAsync(Ct);
        var body = Encoding.UTF8.GetBytes(Valid(""","paymentMethodId":"?" """));
        body[Array.IndexOf(body, (byte)'?')] = 0xFF;
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");

        using var answer = await shopper.Http.PostAsync("/orders", content, Ct);

        await ProblemAsync(answer, HttpStatusCode.BadRequest);
        await AssertNothingStoredAsync(shopper);
    }

    [Theory]
    [InlineData("POST", "/orders")]
    [InlineData("GET", "/orders/01990000-0000-7000-8000-000000000001")]
    [InlineData("GET", "/payments/01990000-0000-7000-8000-000000000001")]
    [InlineData("POST", "/products")]
    public async Task Without_a_token_there_is_a_401(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await topology.Gateway.SendAsync(request, Ct);

        await ProblemAsync(answer, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_service_reached_directly_checks_the_token_itself()
    {
        using var orders = topology.App.CreateHttpClient("orders", "http");
        orders.DefaultRequestHeaders.Authorization = new("Bearer", "eyJhbGciOiJub25lIn0.e30.");

        using var answer = await orders.PostAsync(
            "/orders", new StringContent(Valid(""), Encoding.UTF8, "application/json"), Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Another_shoppers_order_does_not_exist()
    {
        var product = await topology.NewProductAsync(stock: 1, priceMinor: 1000, Ct);
        using var ana = await topology.NewShopperAsync(Ct);
        using var eva = await topology.NewShopperAsync(Ct);
        var order = await ana.PlaceAsync(product, 1, Ct);

        foreach (var path in new[] { $"/orders/{order}", $"/orders/{order}/history" })
        {
            using var answer = await eva.Http.GetAsync(path, Ct);
            await ProblemAsync(answer, HttpStatusCode.NotFound);
        }
        await ana.WaitForAsync(order, "COMPLETED", Ct);
    }

    [Fact]
    public async Task Public_pages_need_no_token()
    {
        foreach (var path in new[] { "/products", "/health", "/alive" })
        {
            using var answer = await topology.Gateway.GetAsync(path, Ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static string Valid(string more) =>
        $$"""{"lines":[{"productId":"{{Product}}","quantity":1}]{{more}}}""";

    private static string WithLines(int count) =>
        $$"""{"lines":[{{string.Join(',', Enumerable.Range(0, count).Select(_ =>
            $$"""{"productId":"{{Guid.CreateVersion7()}}","quantity":1}"""))}}]}""";

    private static Task<HttpResponseMessage> PostAsync(Shopper shopper, string body) =>
        shopper.Http.PostAsync(
            "/orders", new StringContent(body, Encoding.UTF8, "application/json"), Ct);

    private static async Task<JsonElement> ProblemAsync(
        HttpResponseMessage answer, HttpStatusCode expected)
    {
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.StartsWith("/problems/", problem.GetProperty("type").GetString());
        Assert.Matches("^[0-9a-f]{32}$", problem.GetProperty("traceId").GetString());
        return problem;
    }

    private async Task AssertNothingStoredAsync(Shopper shopper) =>
        Assert.Equal(0L, await topology.QueryAsync<long>(
            "orders", "SELECT count(*) FROM orders WHERE customer_id = $1", Ct, shopper.Subject));
}

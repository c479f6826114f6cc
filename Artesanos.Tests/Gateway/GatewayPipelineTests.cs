using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Artesanos.Gateway.DevelopmentTokens;
using Artesanos.Gateway.Routing;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace Artesanos.Tests.Gateway;

/// <summary>The gateway before one service that stands for all, both in this process.</summary>
public sealed class GatewayPipelineTests : IAsyncLifetime
{
    // The discard port: nobody listens there.
    private const string Nobody = "http://127.0.0.1:9";

    private readonly TokenKeys _keys = new();
    private WebApplication _service = null!;
    private WebApplication _gateway = null!;
    private HttpClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal sealed record Line(Guid ProductId, int Quantity);

    internal sealed record Order(Line[] Lines);

    public async ValueTask InitializeAsync()
    {
        _service = Host();
        _service.UseServiceDefaults();
        _service.MapGet("/products", () => "[]").AllowAnonymous();
        _service.MapPost("/orders", (Order order) => TypedResults.Ok(order.Lines.Length));
        _service.MapGet("/orders/metrics", () => "inside").AllowAnonymous();
        _service.MapGet("/orders/operations/dead-letters", () => "[]");
        _service.MapGet("/orders/broken", string () =>
            throw new InvalidOperationException("inner"));
        await _service.StartAsync(Stop);

        var service = _service.Urls.Single();
        _gateway = Host(
            ("services:orders:http:0", Nobody),
            ("services:orders:http:1", service),
            ("services:inventory:http:0", service),
            ("services:payments:http:0", Nobody));
        _gateway.UseServiceDefaults();
        _gateway.MapDevelopmentTokens();
        _gateway.MapRouting();
        await _gateway.StartAsync(Stop);
        _client = new HttpClient { BaseAddress = new Uri(_gateway.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task A_token_from_the_gateway_is_accepted_by_the_service()
    {
        var answer = await _client.PostAsJsonAsync(
            "/dev/token", new { sub = "ana", role = Roles.Shopper }, Stop);
        var issued = await answer.Content.ReadFromJsonAsync<IssueToken.Issued>(Stop);

        var order = await SendAsync(HttpMethod.Post, "/orders", issued!.AccessToken, new Order([]));

        Assert.Equal(HttpStatusCode.OK, order.StatusCode);
    }

    [Fact]
    public async Task A_dead_replica_costs_no_request_not_even_a_post()
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var answer = await SendAsync(HttpMethod.Post, "/orders", _keys.Issue(), new Order([]));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_service_that_is_down_is_a_problem_that_says_when_to_come_back()
    {
        var answer = await SendAsync(
            HttpMethod.Get, $"/payments/{Guid.CreateVersion7()}", _keys.Issue());

        await AssertProblemAsync(answer, HttpStatusCode.BadGateway, "service-unreachable");
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task Products_are_public_and_orders_are_not()
    {
        var products = await SendAsync(HttpMethod.Get, "/products");
        Assert.Equal(HttpStatusCode.OK, products.StatusCode);

        var orders = await SendAsync(HttpMethod.Get, "/orders");
        await AssertProblemAsync(orders, HttpStatusCode.Unauthorized, "unauthorized");
        Assert.NotEmpty(orders.Headers.WwwAuthenticate);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(129)]
    public async Task A_token_without_a_subject_of_128_characters_at_most_is_refused(int length)
    {
        var token = _keys.Issue(subject: new string('a', length));

        var answer = await SendAsync(HttpMethod.Get, "/orders/broken", token);

        await AssertProblemAsync(answer, HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("of another audience")]
    [InlineData("of another issuer")]
    [InlineData("of another key")]
    [InlineData("changed after signing")]
    [InlineData("without its signature")]
    public async Task A_token_that_is_not_for_us_now_is_refused(string token)
    {
        var bad = token switch
        {
            "expired" => _keys.Issue(age: TimeSpan.FromMinutes(61)),
            "of another audience" => _keys.Issue(audience: "others"),
            "of another issuer" => _keys.Issue(issuer: "others"),
            "of another key" => new TokenKeys().Issue(),
            "without its signature" => _keys.Issue()[..(_keys.Issue().LastIndexOf('.') + 1)],
            _ => WithRole(_keys.Issue(role: Roles.Shopper), Roles.Operator),
        };

        var answer = await SendAsync(HttpMethod.Get, "/orders/broken", bad);

        await AssertProblemAsync(answer, HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString());
    }

    private static string WithRole(string token, string role)
    {
        var parts = token.Split('.');
        var claims = Base64UrlEncoder.Decode(parts[1]).Replace(Roles.Shopper, role);
        return $"{parts[0]}.{Base64UrlEncoder.Encode(claims)}.{parts[2]}";
    }

    [Fact]
    public async Task Operations_are_for_operators()
    {
        const string path = "/orders/operations/dead-letters";

        var shopper = await SendAsync(HttpMethod.Get, path, _keys.Issue(role: Roles.Shopper));
        var @operator = await SendAsync(HttpMethod.Get, path, _keys.Issue(role: Roles.Operator));

        await AssertProblemAsync(shopper, HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.OK, @operator.StatusCode);
    }

    [Theory]
    [InlineData("/orders/metrics")]
    [InlineData("/orders/METRICS/")]
    [InlineData("/orders/%6Detrics")]
    [InlineData("/orders//metrics")]
    [InlineData("/unknown")]
    public async Task What_is_not_public_is_not_there(string path) =>
        await AssertProblemAsync(
            await SendAsync(HttpMethod.Get, path, _keys.Issue()),
            HttpStatusCode.NotFound, "not-found");

    [Theory]
    [InlineData("""{"lines":[{"productId":"x","quantity":1}]}""", "lines[0].productId")]
    [InlineData("""{"lines":null}""", "lines")]
    [InlineData("{}", "lines")]
    public async Task A_malformed_order_names_the_field(string body, string field)
    {
        var answer = await SendAsync(HttpMethod.Post, "/orders", _keys.Issue(), Json(body));

        var problem = await AssertProblemAsync(answer, HttpStatusCode.BadRequest, "validation");
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), $"{problem}");
    }

    [Fact]
    public async Task Errors_of_the_request_are_4xx_and_ours_tell_nothing()
    {
        var token = _keys.Issue();
        var syntax = await SendAsync(HttpMethod.Post, "/orders", token, Json("{"));
        var large = await SendAsync(
            HttpMethod.Post, "/orders", token, Json(new string(' ', 65_537)));
        var broken = await SendAsync(HttpMethod.Get, "/orders/broken", token);

        await AssertProblemAsync(syntax, HttpStatusCode.BadRequest, "bad-request");
        await AssertProblemAsync(large, HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        var ours = await AssertProblemAsync(
            broken, HttpStatusCode.InternalServerError, "internal-error");
        Assert.DoesNotContain("inner", ours.ToString());
    }

    [Theory]
    [InlineData("", "shopper")]
    [InlineData("ana", "admin")]
    public async Task The_token_endpoint_checks_what_it_signs(string sub, string role)
    {
        var answer = await _client.PostAsJsonAsync("/dev/token", new { sub, role }, Stop);

        await AssertProblemAsync(answer, HttpStatusCode.BadRequest, "validation");
    }

    private WebApplication Host(params (string Key, string Value)[] destinations)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(
            destinations.ToDictionary(pair => pair.Key, pair => (string?)pair.Value));
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Configuration["Auth:PublicKey"] = _keys.PublicKey;
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        if (destinations.Length > 0)
        {
            builder.Configuration["Auth:SigningKey"] = _keys.SigningKey;
            builder.AddRouting();
            builder.AddDevelopmentTokens();
        }

        return builder.Build();
    }

    private static StringContent Json(string body) => new(body, null, "application/json");

    private Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? token = null, Order? order = null) =>
        SendAsync(method, path, token, order is null ? null : JsonContent.Create(order));

    private Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? token, HttpContent? body)
    {
        var request = new HttpRequestMessage(method, path) { Content = body };
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return _client.SendAsync(request, Stop);
    }

    private static async Task<JsonElement> AssertProblemAsync(
        HttpResponseMessage answer, HttpStatusCode status, string slug)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal($"/problems/{slug}", problem.GetProperty("type").GetString());
        Assert.Equal(32, problem.GetProperty("traceId").GetString()!.Length);
        return problem;
    }
}

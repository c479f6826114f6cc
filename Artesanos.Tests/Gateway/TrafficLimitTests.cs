using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Artesanos.Gateway.Routing;
using Artesanos.Gateway.Traffic;
using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Artesanos.Tests.Gateway;

/// <summary>
/// The gateway's own Program with small budgets, before a service that stands for all. Each test
/// has its own gateway, so that no budget is shared.
/// </summary>
public sealed class TrafficLimitTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _hold = new();
    private readonly TaskCompletionSource _held = new();
    private readonly List<OfflineHost<DestinationsKnown>> _gateways = [];
    private WebApplication _service = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Logging.ClearProviders();
        _service = builder.Build();
        _service.MapGet("/products", () => TypedResults.Ok(new string('ñ', 4000)));
        _service.MapGet("/orders", () => TypedResults.Ok(new string('x', 4000)));
        _service.MapPost("/orders", () => TypedResults.Ok());
        _service.MapPost("/payments/webhook", () => TypedResults.Ok());
        _service.MapGet("/orders/slow", async () =>
        {
            _held.TrySetResult();
            await _hold.Task;
        });
        _service.MapGet("/products/reset", (HttpContext http) => http.Abort());
        _service.MapPost("/products/reset", (HttpContext http) => http.Abort());
        await _service.StartAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _hold.TrySetResult();
        foreach (var gateway in _gateways)
        {
            await gateway.DisposeAsync();
        }
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task A_user_who_asks_too_often_is_told_when_to_come_back()
    {
        using var gateway = Start(("Traffic:UserPerMinute", "3"));
        var token = Token("ana");
        for (var left = 2; left >= 0; left--)
        {
            using var answer = await SendAsync(gateway, HttpMethod.Get, "/orders", token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("\"user\";q=3;w=60", answer.Headers.GetValues("RateLimit-Policy"));
            Assert.Contains(answer.Headers.GetValues("RateLimit"),
                limit => limit.StartsWith($"\"user\";r={left};t=", StringComparison.Ordinal));
        }

        using var refused = await SendAsync(gateway, HttpMethod.Get, "/orders", token);
        using var other = await SendAsync(gateway, HttpMethod.Get, "/orders", Token("eva"));

        await AssertProblemAsync(refused, HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 20);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Placing_orders_has_a_tighter_budget_than_reading_them()
    {
        using var gateway = Start(("Traffic:UserOrdersPerMinute", "1"));

        using var first = await SendAsync(gateway, HttpMethod.Post, "/orders", Token("ana"));
        using var second = await SendAsync(gateway, HttpMethod.Post, "/orders/", Token("ana"));
        using var read = await SendAsync(gateway, HttpMethod.Get, "/orders", Token("ana"));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await AssertProblemAsync(second, HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }

    [Fact]
    public async Task An_address_is_limited_with_wrong_tokens_too_and_probes_are_free()
    {
        using var gateway = Start(("Traffic:AddressPerMinute", "2"));

        using var first = await SendAsync(gateway, HttpMethod.Get, "/orders", "wrong");
        using var second = await SendAsync(gateway, HttpMethod.Get, "/orders", "wrong");
        using var third = await SendAsync(gateway, HttpMethod.Get, "/orders", "wrong");
        using var probe = await SendAsync(gateway, HttpMethod.Get, "/alive");

        Assert.Equal(HttpStatusCode.Unauthorized, first.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
        await AssertProblemAsync(third, HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
    }

    [Fact]
    public async Task The_webhook_has_a_cap_of_its_own()
    {
        using var gateway = Start(
            ("Traffic:AddressPerMinute", "1"), ("Traffic:WebhooksPerMinute", "3"));

        for (var call = 0; call < 3; call++)
        {
            using var answer = await SendAsync(gateway, HttpMethod.Post, "/payments/webhook");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        using var capped = await SendAsync(gateway, HttpMethod.Post, "/payments/webhook");

        await AssertProblemAsync(capped, HttpStatusCode.TooManyRequests, "too-many-requests");
    }

    [Fact]
    public async Task One_request_too_many_at_once_is_shed_instead_of_waiting()
    {
        using var gateway = Start(("Traffic:MaxConcurrentRequests", "1"));
        var slow = SendAsync(gateway, HttpMethod.Get, "/orders/slow", Token("ana"));
        await _held.Task.WaitAsync(Ct);

        using var shed = await SendAsync(gateway, HttpMethod.Get, "/products");
        _hold.SetResult();
        using var served = await slow;
        using var after = await SendAsync(gateway, HttpMethod.Get, "/products");

        await AssertProblemAsync(shed, HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Equal(TimeSpan.FromSeconds(1), shed.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.0/8", HttpStatusCode.OK)]
    [InlineData("10.0.0.0/8", HttpStatusCode.TooManyRequests)]
    [InlineData(null, HttpStatusCode.TooManyRequests)]
    public async Task Only_a_trusted_proxy_says_whom_it_speaks_for(
        string? trusted, HttpStatusCode expected)
    {
        (string, string)[] one = [("Traffic:AddressPerMinute", "1")];
        using var gateway = Start(
            trusted is null ? one : [.. one, ("Traffic:TrustedProxies:0", trusted)]);

        using var first = await SendAsync(
            gateway, HttpMethod.Get, "/products", null, ("X-Forwarded-For", "192.0.2.1"));
        using var second = await SendAsync(
            gateway, HttpMethod.Get, "/products", null, ("X-Forwarded-For", "192.0.2.2"));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(expected, second.StatusCode);
    }

    [Fact]
    public void An_IPv6_household_is_one_address() => Assert.Equal(
        TrafficLimits.Network(IPAddress.Parse("2001:db8:1:2::1")),
        TrafficLimits.Network(IPAddress.Parse("2001:db8:1:2:ffff::9")));

    [Fact]
    public async Task A_read_that_lost_its_answer_is_asked_of_the_other_replica_a_write_is_not()
    {
        var other = WebApplication.CreateSlimBuilder();
        other.Configuration["urls"] = "http://127.0.0.1:0";
        other.Logging.ClearProviders();
        await using var replica = other.Build();
        replica.MapGet("/products/reset", () => TypedResults.Ok());
        replica.MapPost("/products/reset", () => TypedResults.Ok());
        await replica.StartAsync(Ct);
        using var gateway = Start(("services:inventory:http:1", replica.Urls.Single()));

        var reads = new List<HttpStatusCode>();
        var writes = new List<HttpStatusCode>();
        for (var i = 0; i < 10; i++)
        {
            using var read = await SendAsync(gateway, HttpMethod.Get, "/products/reset");
            using var write = await SendAsync(
                gateway, HttpMethod.Post, "/products/reset", Token("ana"));
            reads.Add(read.StatusCode);
            writes.Add(write.StatusCode);
        }

        Assert.All(reads, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Contains(HttpStatusCode.BadGateway, writes);
    }

    [Fact]
    public async Task Browsers_are_told_what_not_to_do_with_an_answer()
    {
        using var gateway = Start();

        using var products = await SendAsync(gateway, HttpMethod.Get, "/products");
        using var orders = await SendAsync(gateway, HttpMethod.Get, "/orders", Token("ana"));
        using var refused = await SendAsync(gateway, HttpMethod.Get, "/orders");

        Assert.Equal(["nosniff"], refused.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["nosniff"], products.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal("DENY", Assert.Single(products.Headers.GetValues("X-Frame-Options")));
        Assert.Contains("default-src 'none'",
            Assert.Single(products.Headers.GetValues("Content-Security-Policy")));
        Assert.Null(products.Headers.CacheControl);
        Assert.True(orders.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData("https://shop.example", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    public async Task Pages_of_configured_origins_may_call_no_others(string origin, bool allowed)
    {
        using var gateway = Start(("Cors:Origins:0", "https://shop.example"));

        using var preflight = await SendAsync(gateway, HttpMethod.Options, "/orders", null,
            ("Origin", origin), ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization,idempotency-key"));
        using var answer = await SendAsync(
            gateway, HttpMethod.Get, "/products", null, ("Origin", origin));

        Assert.Equal(allowed, preflight.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(allowed, answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task The_catalogue_is_compressed_and_what_belongs_to_a_person_is_not()
    {
        using var gateway = Start();

        using var products = await SendAsync(
            gateway, HttpMethod.Get, "/products", null, ("Accept-Encoding", "br"));
        using var orders = await SendAsync(
            gateway, HttpMethod.Get, "/orders", Token("ana"), ("Accept-Encoding", "br"));

        Assert.Equal(["br"], products.Content.Headers.ContentEncoding);
        Assert.Empty(orders.Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("Traffic:UserPerMinute", "0", "Traffic__UserPerMinute")]
    [InlineData("Traffic:TrustedProxies:0", "proxy", "Traffic__TrustedProxies__0")]
    [InlineData("Cors:Origins:0", "*", "Cors__Origins__0")]
    [InlineData("Cors:Origins:0", "https://shop.example/", "Cors__Origins__0")]
    public void A_wrong_limit_stops_the_gateway_with_its_name(
        string key, string value, string named)
    {
        using var gateway = new OfflineHost<DestinationsKnown>((key, value));

        var refused = Assert.ThrowsAny<Exception>(gateway.CreateClient);

        Assert.Contains(named, refused.Message);
    }

    private HttpClient Start(params (string Key, string Value)[] settings)
    {
        var service = _service.Urls.Single();
        var gateway = new OfflineHost<DestinationsKnown>(
            [("services:orders:http:0", service), ("services:payments:http:0", service),
             ("services:inventory:http:0", service), .. settings]);
        _gateways.Add(gateway);
        gateway.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        gateway.StartServer();
        return gateway.CreateClient();
    }

    private static string Token(string subject) =>
        OfflineHost<DestinationsKnown>.Keys.Issue(subject: subject, role: Roles.Shopper);

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient gateway, HttpMethod method, string path, string? token = null,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return await gateway.SendAsync(request, Ct);
    }

    private static async Task AssertProblemAsync(
        HttpResponseMessage answer, HttpStatusCode status, string slug)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal($"/problems/{slug}", problem.GetProperty("type").GetString());
    }
}

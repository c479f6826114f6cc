using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Artesanos.Gateway.Routing;
using Artesanos.Inventory.Data;
using Artesanos.Orders.Data;
using Artesanos.Payments.Data;
using Artesanos.StripeSimulator;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Xunit;

namespace Artesanos.Tests.Gateway;

/// <summary>
/// Walks every route that any host has, as its own Program maps it, and asks the gateway for it:
/// what is inside stays inside, whoever asks.
/// </summary>
[Trait("Category", "E2E")]
public sealed partial class RouteWalkTests(Topology topology)
{
    private static readonly string?[] Callers = [null, "shopper", "artisan", "operator"];

    /// <summary>What the shop offers, and to whom. A new route must be entered here.</summary>
    private static readonly Dictionary<string, string> Public = new()
    {
        ["GET /products"] = "anyone",
        ["GET /products/{id}"] = "anyone",
        ["POST /payments/webhook"] = "anyone",
        ["GET /products/own"] = "artisan",
        ["POST /products"] = "artisan",
        ["PUT /products/{id}"] = "artisan",
        ["POST /products/{id:guid}/restock"] = "artisan",
        ["GET /orders"] = "token",
        ["POST /orders"] = "token",
        ["GET /orders/{id:guid}"] = "token",
        ["GET /orders/{id:guid}/history"] = "token",
        ["GET /orders/{id:guid}/events"] = "token",
        ["POST /orders/{id:guid}/cancel"] = "token",
        ["GET /payments/{orderId:guid}"] = "token",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_of_every_service_is_public_for_operators_or_inside()
    {
        var routes = await ServiceRoutesAsync();

        var names = routes.Select(route => route.Name).ToList();
        Assert.DoesNotContain(names, name => Audience(name) is null);
        Assert.Empty(Public.Keys.Except(names));
        // Faults on demand are among what is walked: the gateway hides them in Development too.
        Assert.Contains("POST /dev/crash-points/{point}", names);
        Assert.All(routes, route =>
        {
            var anonymous = route.Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            Assert.Equal(Audience(route.Name) is "anyone" or "inside", anonymous);
        });
    }

    [Fact]
    public async Task The_gateway_gives_no_caller_more_than_the_routes_audience()
    {
        var clients = new Dictionary<string, HttpClient>();
        foreach (var role in Callers.OfType<string>())
        {
            clients[role] = await topology.SignInAsync($"walker-{Guid.CreateVersion7()}", role, Ct);
        }
        var routes = await ServiceRoutesAsync();
        foreach (var (name, _) in routes)
        {
            foreach (var caller in Callers)
            {
                var client = caller is null ? topology.Gateway : clients[caller];
                var status = await AskAsync(client, name);
                AssertAudience(Audience(name)!, caller, status, name);
            }
        }
        foreach (var client in clients.Values)
        {
            client.Dispose();
        }
    }

    [Fact]
    public async Task No_route_of_the_simulator_is_reachable_through_the_gateway()
    {
        await using var simulator = SimulatorApp.Build(["--Environment=Development"]);
        var routes = ((IEndpointRouteBuilder)simulator).DataSources
            .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))
            .Where(path => path is not ("/health" or "/alive" or "/"))
            .Distinct().ToList();
        using var @operator = await topology.SignInAsync("walker", "operator", Ct);

        Assert.NotEmpty(routes);
        foreach (var path in routes)
        {
            Assert.Equal(HttpStatusCode.NotFound, await AskAsync(@operator, $"GET {path}"));
            Assert.Equal(HttpStatusCode.NotFound, await AskAsync(@operator, $"POST {path}"));
        }
    }

    [Fact]
    public async Task Production_has_no_development_tokens()
    {
        await using var gateway = new OfflineHost<DestinationsKnown>(
            ("Environment", "Production"), ("Auth:Authority", "https://issuer.example"));
        using var client = gateway.CreateClient();

        using var answer = await client.PostAsJsonAsync(
            "/dev/token", new { sub = "ana", role = "operator" }, Ct);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("/dev/token", gateway.Routes().Select(route => route.Pattern));
    }

    [Fact]
    public async Task Production_has_nothing_that_is_for_tests()
    {
        (string, string)[] production =
            [("Environment", "Production"), ("Auth:Authority", "https://issuer.example")];
        await using var orders = new OfflineHost<OrdersDbContext>(production);
        await using var payments = new OfflineHost<PaymentsDbContext>(production);
        await using var inventory = new OfflineHost<InventoryDbContext>(production);

        var routes = orders.Routes().Concat(payments.Routes()).Concat(inventory.Routes())
            .Select(route => route.Pattern).ToList();

        Assert.NotEmpty(routes);
        Assert.DoesNotContain(routes, path => path.StartsWith("/dev", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Production_without_an_issuer_does_not_start()
    {
        await using var gateway = new OfflineHost<DestinationsKnown>(("Environment", "Production"));

        var refused = Assert.Throws<OptionsValidationException>(gateway.CreateClient);

        Assert.Contains("Auth__Authority is missing", refused.Message);
    }

    private static string? Audience(string route) => route switch
    {
        _ when route.EndsWith("/metrics", StringComparison.Ordinal) => "inside",
        _ when route.Contains("/operations/", StringComparison.Ordinal) => "operator",
        _ when route.StartsWith("GET /openapi/", StringComparison.Ordinal) => "inside",
        // Faults that tests ask for; in Development only.
        _ when route.Contains(" /dev/", StringComparison.Ordinal) => "inside",
        // The gateway answers these for itself.
        "GET /alive" or "GET /health" => "inside",
        _ => Public.GetValueOrDefault(route),
    };

    private static void AssertAudience(
        string audience, string? caller, HttpStatusCode status, string route)
    {
        var allowed = audience switch
        {
            "anyone" => true,
            "token" => caller is not null,
            "inside" => route is "GET /alive" or "GET /health",
            _ => caller == audience,
        };
        HttpStatusCode[] refusals = (audience, caller) switch
        {
            ("inside", _) => [HttpStatusCode.NotFound],
            (_, null) => [HttpStatusCode.Unauthorized],
            _ => [HttpStatusCode.Forbidden],
        };
        Assert.True(allowed != refusals.Contains(status) || status == HttpStatusCode.NotFound,
            $"{route} by {caller ?? "nobody"}: {status}");
        Assert.True((int)status < 500, $"{route}: {status}");
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string route)
    {
        var (method, pattern) = (route[..route.IndexOf(' ')], route[(route.IndexOf(' ') + 1)..]);
        var path = Parameter().Replace(pattern, $"{Guid.CreateVersion7()}");
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is not "GET")
        {
            request.Content = JsonContent.Create(new { });
        }
        using var answer = await client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, Ct);
        return answer.StatusCode;
    }

    private static async Task<List<(string Name, RouteEndpoint Endpoint)>> ServiceRoutesAsync()
    {
        await using var orders = new OfflineHost<OrdersDbContext>();
        await using var payments = new OfflineHost<PaymentsDbContext>();
        await using var inventory = new OfflineHost<InventoryDbContext>();
        return [.. orders.Routes().Concat(payments.Routes()).Concat(inventory.Routes())
            .Select(route => ($"{route.Method} {route.Pattern}", route.Endpoint))];
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}

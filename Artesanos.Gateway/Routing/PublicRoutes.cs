using Artesanos.ServiceDefaults;
using Yarp.ReverseProxy.Configuration;

namespace Artesanos.Gateway.Routing;

/// <summary>
/// What is reachable from outside, for whom. The most specific pattern wins; what no row names
/// is 404. Every service checks the token again.
/// </summary>
internal static class PublicRoutes
{
    public static IReadOnlyList<string> Services { get; } = [Orders, Payments, Inventory];

    private const string Orders = "orders";
    private const string Payments = "payments";
    private const string Inventory = "inventory";

    // YARP's names for "no token" and "any valid token".
    private const string Anyone = "Anonymous";
    private const string AnyToken = "Default";

    // YARP's name for "no time limit".
    private const string NoTimeout = "Disable";

    // Stripe's events are larger than any request of ours; their signature covers every byte.
    private const long WebhookMaxBytes = 256 * 1024;

    private static readonly string[] Read = ["GET"];
    private static readonly string[] Write = ["POST", "PUT", "PATCH", "DELETE"];

    public static IReadOnlyList<RouteConfig> All { get; } =
    [
        Route(Orders, "/orders/{**rest}", AnyToken),
        Route(StreamsOf(Orders), "/orders/{id:guid}/events", AnyToken, Read),
        Route(Inventory, "/products/{**rest}", Anyone, Read),
        Route(Inventory, "/products/{**rest}", AnyToken, Write),
        Route(Inventory, "/products/own", Roles.Artisan, Read),
        Route(Payments, "/payments/{orderId:guid}", AnyToken),
        Route(Payments, "/payments/webhook", Anyone, ["POST"])
            with { MaxRequestBodySize = WebhookMaxBytes },
        Route(Orders, "/orders/operations/{**rest}", Roles.Operator),
        Route(Payments, "/payments/operations/{**rest}", Roles.Operator),
        Route(Inventory, "/inventory/operations/{**rest}", Roles.Operator),
    ];

    /// <summary>Answered 404 although a pattern above would match: for scrapers inside.</summary>
    public static IReadOnlyList<string> NeverProxied { get; } =
        [.. Services.Select(service => $"/{service}/metrics/{{**rest}}")];

    public static string StreamsOf(string service) => $"{service}-streams";

    public static bool HasStreams(ClusterConfig service) =>
        All.Any(route => route.ClusterId == StreamsOf(service.ClusterId));

    private static RouteConfig Route(
        string service, string path, string policy, string[]? methods = null) => new()
        {
            RouteId = $"{methods?[0] ?? "ANY"} {path}",
            ClusterId = service,
            Match = new RouteMatch { Path = path, Methods = methods },
            AuthorizationPolicy = policy,
            // The service limits the whole request, Destinations the silence: a limit here would
            // cut live streams, and the proxy would answer it as the caller's mistake (400).
            TimeoutPolicy = NoTimeout,
        };
}

using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Artesanos.Tests.Gateway;

/// <summary>
/// The real Program of a host, without what works in its background: its endpoints and documents
/// can be read although nothing it needs is there.
/// </summary>
/// <typeparam name="TAny">Any type of the host's assembly.</typeparam>
internal sealed class OfflineHost<TAny>(params (string Key, string Value)[] settings)
    : WebApplicationFactory<TAny>
    where TAny : class
{
    private const string Nobody = "http://127.0.0.1:9";

    private static readonly Dictionary<string, string?> Needed = new()
    {
        ["Environment"] = "Development",
        // A host that does not start is not disposed, and would leave its watches behind.
        ["hostBuilder:reloadConfigOnChange"] = "false",
        ["ConnectionStrings:orders-db"] = "Host=127.0.0.1;Port=9;Database=orders",
        ["ConnectionStrings:payments-db"] = "Host=127.0.0.1;Port=9;Database=payments",
        ["ConnectionStrings:inventory-db"] = "Host=127.0.0.1;Port=9;Database=inventory",
        ["ConnectionStrings:nats"] = "nats://127.0.0.1:9",
        ["Stripe:ApiKey"] = "sk_test_offline",
        ["Stripe:WebhookSecrets:0"] = "whsec_offline",
        ["services:orders:http:0"] = Nobody,
        ["services:payments:http:0"] = Nobody,
        ["services:inventory:http:0"] = Nobody,
    };

    public static TokenKeys Keys { get; } = new();

    /// <summary>What works in the background after all.</summary>
    public Type? Keeps { get; init; }

    /// <summary>Every route with its methods, as "GET /orders/{id}".</summary>
    public IReadOnlyList<(string Method, string Pattern, RouteEndpoint Endpoint)> Routes() =>
        [.. Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => MethodsOf(endpoint).Select(method =>
                (method, "/" + endpoint.RoutePattern.RawText!.Trim('/'), endpoint)))];

    protected override IHost CreateHost(IHostBuilder builder)
    {
        builder.ConfigureHostConfiguration(configuration => configuration
            .AddInMemoryCollection(Needed)
            .AddInMemoryCollection(Development())
            .AddInMemoryCollection(settings.ToDictionary(
                setting => setting.Key, setting => (string?)setting.Value)));
        return base.CreateHost(builder);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        if (settings.FirstOrDefault(setting => setting.Key == "Environment").Value is { } name)
        {
            builder.UseEnvironment(name);
        }
        builder.ConfigureTestServices(services =>
        {
            foreach (var service in services
                .Where(service => service.ServiceType == typeof(IHostedService)
                    && service.ImplementationType?.Name != "GenericWebHostService"
                    && (Keeps is null || service.ImplementationType != Keeps)).ToList())
            {
                services.Remove(service);
            }
        });
    }

    private Dictionary<string, string?> Development() =>
        settings.Any(setting => setting.Key is "Environment" or "Auth:Authority")
            ? []
            : new() { ["Auth:PublicKey"] = Keys.PublicKey };

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods
            ? methods
            : ["GET"];
}

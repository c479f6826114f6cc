using Artesanos.ServiceDefaults;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Artesanos.Gateway.Traffic;

internal static class TrafficSetup
{
    private const int Most = 100_000_000;

    public static void AddTrafficLimits(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var options = services.AddSettings<TrafficOptions>(TrafficOptions.Section);
        Between(nameof(TrafficOptions.UserPerMinute), traffic => traffic.UserPerMinute);
        Between(nameof(TrafficOptions.UserOrdersPerMinute), traffic => traffic.UserOrdersPerMinute);
        Between(nameof(TrafficOptions.AddressPerMinute), traffic => traffic.AddressPerMinute);
        Between(nameof(TrafficOptions.WebhooksPerMinute), traffic => traffic.WebhooksPerMinute);
        Between(nameof(TrafficOptions.MaxConcurrentRequests),
            traffic => traffic.MaxConcurrentRequests);
        options.Validate(
            traffic => traffic.TrustedProxies.All(proxy => IPNetwork.TryParse(proxy, out _)),
            "Traffic__TrustedProxies__0 and each further one must be a network such as 10.0.0.0/8 "
                + "or 192.0.2.7/32.");
        services.AddSingleton<TrafficLimits>();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<TrafficOptions>>(
            (headers, traffic) => TrustOnly(headers, traffic.Value.TrustedProxies));

        void Between(string name, Func<TrafficOptions, int> value) => options.Validate(
            traffic => value(traffic) is > 0 and <= Most,
            $"{TrafficOptions.Section}__{name} must be between 1 and {Most}.");
    }

    /// <summary>First in the pipeline: who is asking, and is there room?</summary>
    public static void UseAddressLimits(this WebApplication app)
    {
        // Without a list the middleware would trust the loopback address: a sidecar, or nobody.
        if (app.Services.GetRequiredService<IOptions<TrafficOptions>>()
            .Value.TrustedProxies.Count > 0)
        {
            app.UseForwardedHeaders();
        }
        app.Use(app.Services.GetRequiredService<TrafficLimits>().LimitAddressAsync);
    }

    public static void UseUserLimits(this WebApplication app) =>
        app.Use(app.Services.GetRequiredService<TrafficLimits>().LimitUserAsync);

    private static void TrustOnly(ForwardedHeadersOptions headers, IReadOnlyList<string> proxies)
    {
        headers.ForwardedHeaders =
            ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        headers.KnownProxies.Clear();
        headers.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            headers.KnownIPNetworks.Add(IPNetwork.Parse(proxy));
        }
        // Every trusted hop is walked back, and the first that is not trusted is the caller.
        headers.ForwardLimit = null;
    }
}

using Artesanos.ServiceDefaults;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Artesanos.Gateway.Routing;

/// <summary>
/// Where each service runs: <c>services__{name}__http__{n}</c>, one per replica, as the AppHost
/// writes them.
/// </summary>
internal static class Destinations
{
    // A live stream sends a heartbeat well within this, and no other answer takes as long.
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(60);

    public static readonly TimeSpan ReactivateAfter = TimeSpan.FromSeconds(5);

    private const int ConnectionsPerReplica = 512;
    private const int StreamsPerReplica = 10_000;

    /// <exception cref="WrongSettingException">
    /// An address is missing or malformed; the message names every such key and the cure.
    /// </exception>
    public static IReadOnlyList<ClusterConfig> Read(
        IConfiguration configuration, IReadOnlyList<string> services)
    {
        var clusters = new List<ClusterConfig>(services.Count);
        var probes = configuration.ReadSettings<ProbeOptions>(ProbeOptions.Section);
        var problems = new List<string>();
        foreach (var service in services)
        {
            var addresses = configuration.GetSection($"services:{service}:http").GetChildren()
                .Where(child => !string.IsNullOrWhiteSpace(child.Value))
                .ToList();
            if (addresses.Count == 0)
                problems.Add($"services__{service}__http__0 is missing");

            problems.AddRange(addresses
                .Where(address => !IsHttpAddress(address.Value))
                .Select(address =>
                    $"services__{service}__http__{address.Key} is not an http(s) address"));
            clusters.Add(Cluster(service, addresses, probes));
        }

        return problems.Count == 0
            ? clusters
            : throw new WrongSettingException(
                string.Join("; ", problems) + ". Start the gateway through Artesanos.AppHost, "
                + "which sets these, or set each to the address of the service, for example "
                + "http://localhost:3004.");
    }

    /// <summary>
    /// The same replicas for streams: each holds a connection for minutes, and must not take one
    /// from the requests that come and go.
    /// </summary>
    public static ClusterConfig ForStreams(ClusterConfig service) => service with
    {
        ClusterId = PublicRoutes.StreamsOf(service.ClusterId),
        HttpClient = new HttpClientConfig { MaxConnectionsPerServer = StreamsPerReplica },
    };

    private static bool IsHttpAddress(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private static ClusterConfig Cluster(
        string service, IReadOnlyList<IConfigurationSection> addresses, ProbeOptions probes) =>
        new()
        {
            ClusterId = service,
            LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
            Destinations = addresses.ToDictionary(
                address => $"{service}-{address.Key}",
                address => new DestinationConfig { Address = address.Value! }),
            // A replica that fails is left out for a while, and one that says it cannot work
            // until it says otherwise; if all do, all are tried.
            HealthCheck = new HealthCheckConfig
            {
                AvailableDestinationsPolicy =
                    HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
                Active = new ActiveHealthCheckConfig
                {
                    Enabled = true,
                    Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                    Path = "/health",
                    Interval = probes.Interval,
                    Timeout = probes.Timeout,
                },
                Passive = new PassiveHealthCheckConfig
                {
                    Enabled = true,
                    Policy = HealthCheckConstants.PassivePolicy.TransportFailureRate,
                    ReactivationPeriod = ReactivateAfter,
                },
            },
            HttpClient = new HttpClientConfig { MaxConnectionsPerServer = ConnectionsPerReplica },
            HttpRequest = new ForwarderRequestConfig
            {
                Version = new Version(1, 1),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                ActivityTimeout = SilenceLimit,
            },
        };
}

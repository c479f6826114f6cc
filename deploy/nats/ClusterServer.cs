namespace Artesanos.NatsCluster;

/// <summary>One server: where it listens, and where clients and the other servers find it.</summary>
/// <param name="Listen">Address of its own: all (<c>0.0.0.0</c>), or loopback.</param>
internal sealed record ClusterServer(
    string Name, string Host, string Listen, int ClientPort, int RoutePort, int MonitoringPort)
{
    public const int DefaultClientPort = 4222;
    public const int DefaultRoutePort = 6222;
    public const int DefaultMonitoringPort = 8222;

    public string RouteUrl => $"tls://{Host}:{RoutePort}";

    /// <summary>Reads <c>name=host</c>, as on the command line.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static ClusterServer Parse(string text)
    {
        var parts = text.Split('=');
        if (parts is not [{ Length: > 0 } name, { Length: > 0 } host]
            || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            || Uri.CheckHostName(host) is UriHostNameType.Unknown or UriHostNameType.IPv6)
        {
            throw new FormatException(
                $"'{text}' is no server: write name=host, as in nats-1=nats-1.example.");
        }
        return new(name, host, "0.0.0.0",
            DefaultClientPort, DefaultRoutePort, DefaultMonitoringPort);
    }
}

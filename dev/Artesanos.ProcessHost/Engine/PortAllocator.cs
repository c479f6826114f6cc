using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Engine;

/// <summary>Gives every endpoint its port before any process starts, and holds the port until its
/// process is about to take it.</summary>
internal sealed class PortAllocator(EngineOptions options) : IDisposable
{
    // Below the range from which the kernel takes ports for outgoing connections: no connection
    // takes a port between our choosing it and its process listening.
    private const int _firstFree = 20_000;
    private const int _lastFree = 32_000;
    private const int _maxAttempts = 500;

    private readonly Dictionary<int, List<Socket>> _held = [];

    /// <exception cref="DistributedApplicationException">A fixed port is taken.</exception>
    public void Allocate(IReadOnlyList<IResource> resources)
    {
        var taken = new List<(string Resource, int Port)>();
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                Allocate(resource, endpoint, taken);
            }
        }
        if (taken.Count > 0)
        {
            var list = string.Join(", ", taken.Select(t => $"{t.Port} ({t.Resource})"));
            var options = string.Join(' ', taken.Select(t => $"--Ports:{t.Resource}=N"));
            throw new DistributedApplicationException(
                $"Taken by another process, perhaps another AppHost: port {list}. End that process "
                + $"(ss -ltnp shows it), or choose other ports, 0 for a free one: {options}");
        }
    }

    /// <summary>The wanted port, or a free one where another process has it.</summary>
    public int AllocateOrFree(int wanted) =>
        wanted != 0 && TryHold(wanted) ? wanted : AllocateFree();

    public int AllocateFree()
    {
        for (var attempt = 0; attempt < _maxAttempts; attempt++)
        {
            var port = Random.Shared.Next(_firstFree, _lastFree);
            if (TryHold(port))
            {
                return port;
            }
        }
        throw new DistributedApplicationException(
            $"No free port between {_firstFree} and {_lastFree}.");
    }

    /// <summary>Frees a port for the process that is about to listen on it.</summary>
    public void Release(int port)
    {
        lock (_held)
        {
            if (_held.Remove(port, out var sockets))
            {
                sockets.ForEach(s => s.Dispose());
            }
        }
    }

    public void Dispose()
    {
        lock (_held)
        {
            _held.Values.ToList().ForEach(list => list.ForEach(s => s.Dispose()));
            _held.Clear();
        }
    }

    public static int ReplicasOf(IResource resource) =>
        resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;

    private void Allocate(
        IResource resource, EndpointAnnotation endpoint, List<(string, int)> taken)
    {
        endpoint.AllocatedPorts.Clear();
        var replicas = ReplicasOf(resource);
        // The first endpoint goes by the resource's name, any other by both names.
        var key = resource.Annotations.OfType<EndpointAnnotation>().First() == endpoint
            ? resource.Name : $"{resource.Name}-{endpoint.Name}";
        var configured = options.PortOf(key);
        var wanted = configured ?? (options.RandomizePorts ? null : endpoint.Port);
        for (var i = 0; i < replicas; i++)
        {
            if (i > 0 || wanted is null or 0)
            {
                endpoint.AllocatedPorts.Add(AllocateFree());
            }
            else if (TryHold(wanted.Value))
            {
                endpoint.AllocatedPorts.Add(wanted.Value);
            }
            else
            {
                taken.Add((key, wanted.Value));
            }
        }
    }

    private bool TryHold(int port)
    {
        var sockets = new List<Socket>();
        lock (_held)
        {
            if (_held.ContainsKey(port))
            {
                return false;
            }
            try
            {
                Listen(sockets, IPAddress.Loopback, port);
                if (HasIPv6Loopback)
                {
                    Listen(sockets, IPAddress.IPv6Loopback, port);
                }
                _held.Add(port, sockets);
                return true;
            }
            catch (SocketException)
            {
                sockets.ForEach(s => s.Dispose());
                return false;
            }
        }
    }

    private static bool HasIPv6Loopback { get; } = CanBind(IPAddress.IPv6Loopback);

    private static bool CanBind(IPAddress address)
    {
        var sockets = new List<Socket>();
        try
        {
            Listen(sockets, address, 0);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
        }
    }

    private static void Listen(List<Socket> sockets, IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        sockets.Add(socket);
        socket.Bind(new IPEndPoint(address, port));
        socket.Listen(1);
    }
}

using System.Net;
using System.Net.Sockets;

namespace Artesanos.Tests;

/// <summary>Where nobody listens yet.</summary>
internal static class FreeAddress
{
    public static int Port()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static Uri Http() => new($"http://127.0.0.1:{Port()}");
}

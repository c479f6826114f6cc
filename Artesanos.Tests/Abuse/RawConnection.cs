using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Artesanos.Tests.Abuse;

/// <summary>A connection to the gateway for what no HTTP client would send.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly TcpClient _client = new();

    public NetworkStream Stream => _client.GetStream();

    public static async Task<RawConnection> OpenAsync(Uri gateway, CancellationToken ct)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(gateway.Host, gateway.Port, ct);
        return connection;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    public Task WriteAsync(string text, CancellationToken ct) =>
        Stream.WriteAsync(Encoding.Latin1.GetBytes(text), ct).AsTask();

    /// <summary>Everything until the server closes; empty if it closed without a word.</summary>
    public async Task<string> ReadToEndAsync(CancellationToken ct)
    {
        var answer = new StringBuilder();
        var buffer = new byte[8192];
        try
        {
            while (await Stream.ReadAsync(buffer, ct) is var read and > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // Reset: the server does not want the rest.
        }
        return answer.ToString();
    }

    /// <returns>The status of an answer; 0 for a connection that closed without one.</returns>
    public static int StatusOf(string answer) =>
        answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
            ? int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture)
            : 0;
}

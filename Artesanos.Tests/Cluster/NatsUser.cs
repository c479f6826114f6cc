using System.Threading.Channels;
using NATS.Client.Core;
using Xunit;

namespace Artesanos.Tests.Cluster;

/// <summary>A connection as one user, which finds out what the server lets it do.</summary>
internal sealed class NatsUser : IAsyncDisposable
{
    // Nobody may publish it. The server answers in sequence, so when this is denied everything
    // before it was decided.
    private const string Fence = "nobody.may";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly NatsConnection _connection;
    private readonly Channel<string> _errors = Channel.CreateUnbounded<string>();

    private NatsUser(NatsConnection connection)
    {
        _connection = connection;
        connection.ServerError += (_, error) => _errors.Writer.WriteAsync(error.Error);
    }

    /// <summary>Users are named for their services; their inboxes too.</summary>
    public static string InboxOf(string user) => user is "orders" or "payments" or "inventory"
        ? $"_INBOX_Artesanos_{char.ToUpperInvariant(user[0])}{user[1..]}" : $"_INBOX_{user}";

    public static async Task<NatsUser> ConnectAsync(
        NatsClusterTopology topology, string user, CancellationToken ct) =>
        new(await topology.ConnectAsUserAsync(user, InboxOf(user), ct));

    public async Task<bool> MayPublishAsync(string subject, CancellationToken ct)
    {
        // A request with nothing in it: whoever takes it answers that it is none. The header lets
        // a stream refuse what it is allowed to store.
        await _connection.PublishAsync(subject, "?",
            new NatsHeaders { ["Nats-Expected-Stream"] = "none" },
            replyTo: _connection.NewInbox(), cancellationToken: ct);
        return !await WasDeniedAsync(subject, ct);
    }

    public async Task<bool> MaySubscribeAsync(string subject, CancellationToken ct)
    {
        await using var subscription =
            await _connection.SubscribeCoreAsync<string>(subject, cancellationToken: ct);
        return !await WasDeniedAsync(subject, ct);
    }

    private async Task<bool> WasDeniedAsync(string subject, CancellationToken ct)
    {
        await _connection.PublishAsync(Fence, "?", cancellationToken: ct);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        var denied = false;
        while (true)
        {
            var error = await _errors.Reader.ReadAsync(patience.Token);
            if (error.Contains($"\"{Fence}\"", StringComparison.OrdinalIgnoreCase))
            {
                return denied;
            }
            Assert.Contains($"\"{subject}\"", error, StringComparison.OrdinalIgnoreCase);
            denied = true;
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}

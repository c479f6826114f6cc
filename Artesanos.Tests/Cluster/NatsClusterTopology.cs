using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.NKeys;
using Xunit;

namespace Artesanos.Tests.Cluster;

/// <summary>The system on three NATS servers, from the files that are deployed.</summary>
public sealed class NatsClusterTopology() : Topology("--nats-cluster")
{
    /// <summary>Folder of the authority's certificate and the users' seeds.</summary>
    private string Folder => App.Services.GetRequiredService<IConfiguration>()["Nats:Folder"]
        ?? throw new InvalidOperationException("This engine starts no cluster.");

    public string CaFile => Path.Combine(Folder, "ca.pem");

    public async Task<string> SeedAsync(string user, CancellationToken ct) =>
        (await File.ReadAllTextAsync(Path.Combine(Folder, "users", user + ".seed"), ct)).Trim();

    /// <summary>A connection as this user of <c>deploy/nats/nats-server.conf</c>.</summary>
    /// <param name="inbox">The prefix that the user may listen to.</param>
    public async Task<NatsConnection> ConnectAsUserAsync(
        string user, string inbox, CancellationToken ct)
    {
        var seed = await SeedAsync(user, ct);
        using var pair = KeyPair.FromSeed(seed);
        var connection = new NatsConnection((await EncryptedAsync(ct)) with
        {
            AuthOpts = NatsAuthOpts.Default with { NKey = pair.GetPublicKey(), Seed = seed },
            InboxPrefix = inbox,
        });
        await connection.ConnectAsync();
        return connection;
    }

    /// <summary>What it takes to reach the cluster, without being anybody.</summary>
    public async Task<NatsOpts> EncryptedAsync(CancellationToken ct) => NatsOpts.Default with
    {
        Url = await App.GetConnectionStringAsync("nats", ct) ?? "",
        TlsOpts = NatsTlsOpts.Default with
        {
            CaFile = CaFile,
            Mode = TlsMode.Require,
        },
        RequestTimeout = TimeSpan.FromSeconds(2),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>The server that leads a stream, e.g. <c>nats-2</c>.</summary>
    public async Task<string> LeaderAsync(string stream, CancellationToken ct)
    {
        await using var observer = await ConnectAsUserAsync("observer", "_INBOX_observer", ct);
        var leader = "";
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    var found = await new NatsJSContext(observer).GetStreamAsync(
                        stream, cancellationToken: ct);
                    leader = found.Info.Cluster?.Leader ?? "";
                }
                catch (NatsException)
                {
                    // Nobody leads at this moment.
                }
                return leader.Length > 0;
            },
            TimeSpan.FromSeconds(20), $"stream {stream} has a leader", ct);
        return leader;
    }
}

[CollectionDefinition("NATS cluster")]
public sealed class NatsClusters : ICollectionFixture<NatsClusterTopology>;
